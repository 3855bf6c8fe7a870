/** The agent program: reads its configuration and runs, or says how an agent is doing. */
import { parseFlags } from '../core/go-flags.ts'
import { formatIssue, type Issue } from '../core/issue.ts'
import { errorFields } from '../core/log.ts'
import { version } from '../core/version.ts'
import { agentFlags, agentHelp } from './flags.ts'
import { isQuestion } from './questions.ts'
import { startAgent } from './start-agent.ts'
import { takeWaiterCall } from './waiter/waiter-call.ts'

const { env: environment } = process

/** Vault's own agent knows no other exit code for a failure. */
const failed = 1

async function main(words: readonly string[]): Promise<number> {
  const [verb = 'agent', ...others] = words
  if (verb === 'agent' || verb.startsWith('-')) {
    return parseAgent(verb === 'agent' ? others : words)
  }
  if (isQuestion(verb)) {
    const { answerQuestion } = await import('./status-command.ts')
    return answerQuestion(verb, others, { environment, write: print, writeError: complain })
  }
  if (verb === 'token') {
    const { runToken } = await import('./token-command.ts')
    return runToken(others, { environment, write: print, writeError: complain })
  }
  const expected = 'agent, status, ready, live or token'
  return refuse([{ code: 'usage', path: verb, expected, hint: '--help' }])
}

async function parseAgent(words: readonly string[]): Promise<number> {
  const parsed = parseFlags(agentFlags, words, {})
  if (parsed.kind === 'issues') return refuse(parsed.issues)
  const { flags } = parsed.value
  if (flags.help === true) return print(agentHelp)
  if (flags.version === true) return print(`${version}\n`)
  return startAgent(flags, { environment, call: takeWaiterCall(environment), refuse })
}

function refuse(issues: readonly Issue[]): number {
  for (const issue of issues) complain(`${formatIssue(issue)}\n`)
  return failed
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}

function complain(text: string): void {
  process.stderr.write(text)
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (thrown) => {
    complain(`internal error: ${JSON.stringify(errorFields(thrown))}\n`)
    process.exit(failed)
  },
)
