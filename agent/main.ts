/** The agent program: reads its configuration and runs, or says how an agent is doing. */
import { systemClock } from '../core/clock.ts'
import { parseFlags } from '../core/go-flags.ts'
import { formatIssue, type Issue } from '../core/issue.ts'
import { createLogger, errorFields, type Logger, type LogLevel } from '../core/log.ts'
import { version } from '../core/version.ts'
import { runAgentProcess } from './agent-process.ts'
import type { AgentConfig } from './config/agent-config.ts'
import { loadConfig } from './config/load-config.ts'
import { type AgentFlags, agentFlags, agentHelp } from './flags.ts'
import { openLogFile } from './log-file.ts'
import { createErrorWriter } from './standard-error.ts'

const { env: environment } = process

/** Vault's own agent knows no other exit code for a failure. */
const failed = 1

async function main(words: readonly string[]): Promise<number> {
  const [verb = 'agent', ...others] = words
  if (verb === 'agent' || verb.startsWith('-')) {
    return startAgent(verb === 'agent' ? others : words)
  }
  if (verb === 'status') {
    const { runStatus } = await import('./status-command.ts')
    return runStatus(others, { environment, write: print, writeError: complain })
  }
  if (verb === 'token') {
    const { runToken } = await import('./token-command.ts')
    return runToken(others, { environment, write: print, writeError: complain })
  }
  return refuse([{ code: 'usage', path: verb, expected: 'agent, status or token', hint: '--help' }])
}

async function startAgent(words: readonly string[]): Promise<number> {
  const parsed = parseFlags(agentFlags, words, {})
  if (parsed.kind === 'issues') return refuse(parsed.issues)
  const { flags } = parsed.value
  if (flags.help === true) return print(agentHelp)
  if (flags.version === true) return print(`${version}\n`)
  const loaded = await loadConfig(flags, environment)
  if (loaded.kind === 'issues') return refuse(loaded.issues)
  if (flags['test-verify-only'] === true) return 0
  return runLogged(loaded.value.config, { flags, warnings: loaded.value.warnings })
}

interface Start {
  readonly flags: AgentFlags
  readonly warnings: readonly Issue[]
}

async function runLogged(config: AgentConfig, { flags, warnings }: Start): Promise<number> {
  const level = { current: config.log.choice.level }
  const write = createErrorWriter(() => process.stderr)
  const logger = openLogger(config, { level, write })
  warn(logger, warnings)
  const reload = async (): Promise<AgentConfig | undefined> => {
    const again = await loadConfig(flags, environment)
    if (again.kind === 'issues') {
      for (const issue of again.issues)
        logger.error('configuration refused, the old one stays', { problem: formatIssue(issue) })
      return undefined
    }
    warn(logger, again.value.warnings)
    level.current = again.value.config.log.choice.level
    return again.value.config
  }
  try {
    return await runAgentProcess(config, { environment, logger, write, reload })
  } catch (thrown) {
    logger.error('agent failed', errorFields(thrown))
    return failed
  }
}

interface LogParts {
  readonly level: { readonly current: LogLevel }
  readonly write: (line: string) => void
}

function openLogger({ log }: AgentConfig, { level, write }: LogParts): Logger {
  const file = openLogFile(log, systemClock)
  return createLogger({
    format: log.choice.format,
    level: () => level.current,
    write: (line) => {
      write(line)
      file?.(line)
    },
    now: systemClock.now,
  })
}

function warn(logger: Logger, warnings: readonly Issue[]): void {
  for (const issue of warnings) logger.warn('configuration', { problem: formatIssue(issue) })
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
