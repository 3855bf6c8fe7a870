/** `status`, `ready` and `live`: how an agent is doing, from what it keeps; no listener, no shell, no request. */
import { toAppError } from '../core/errors.ts'
import { parseFlags } from '../core/go-flags.ts'
import { formatIssue, type Issue } from '../core/issue.ts'
import type { Environment } from './agent-program.ts'
import { compileTemplates } from './compile-templates.ts'
import type { AgentConfig } from './config/agent-config.ts'
import { loadConfig } from './config/load-config.ts'
import { createStateFile } from './files/state-file.ts'
import { agentFlags } from './flags.ts'
import { expandMarks } from './marked-text.ts'
import type { Question } from './questions.ts'
import { formatJsonStatus, formatMarkedStatus, healthyUntil } from './status-text.ts'
import { shownSecret } from './step/context.ts'
import { describeStatus } from './step/describe-status.ts'
import { openTimeline, timelineNow } from './timeline.ts'
import { readStatusFile, statusPath } from './waiter/status-file.ts'

const { config, help } = agentFlags
const questionFlags = {
  config,
  json: { kind: 'boolean', help: 'print JSON, times as RFC 3339' },
  help,
} as const

const usages: Readonly<Record<Question, string>> = {
  status: `Usage: claviger-agent status [-json] [-config=PATH]

Says what the agent of this container knows: its session, each secret's age, next refresh and last error, which files are
rendered, and whether it hibernates or why it does not. Exit code 0: everything is rendered and fresh; 1: something is missing,
failing or too old; 2: the state cannot be read.
`,
  ready: `Usage: claviger-agent ready [-config=PATH]

Exit code 0 once everything was rendered and every command has run, 1 before; 2: the state cannot be read.
`,
  live: `Usage: claviger-agent live [-config=PATH]

Exit code 0 while the agent does its steps in time, or has not done its first; 1: one is long overdue; 2: the state cannot be read.
`,
}

export interface StatusPorts {
  readonly environment: Environment
  readonly write: (text: string) => void
  readonly writeError: (text: string) => void
}

/** `words` follow the verb. Resolves with the exit code. */
export async function answerQuestion(
  question: Question,
  words: readonly string[],
  ports: StatusPorts,
): Promise<number> {
  const parsed = parseFlags(questionFlags, words, {})
  if (parsed.kind === 'issues') return refuse(parsed.issues, ports)
  const { flags } = parsed.value
  if (flags.help === true) {
    ports.write(usages[question])
    return 0
  }
  const given = flags.config === undefined ? {} : { config: flags.config }
  const loaded = await loadConfig(given, ports.environment)
  if (loaded.kind === 'issues') return refuse(loaded.issues, ports)
  const known = readKnown(loaded.value.config, ports)
  return known === undefined ? 2 : answer(known, { question, isJson: flags.json === true }, ports)
}

/** What the agent wrote down, and the moment on its timeline. */
interface Known {
  readonly now: number
  readonly isReady: boolean
  readonly healthyUntil: number
  readonly overdueAt: number
  readonly text: string
  readonly json: string
}

interface Asked {
  readonly question: Question
  readonly isJson: boolean
}

function answer(known: Known, { question, isJson }: Asked, { write }: StatusPorts): number {
  const { now, isReady } = known
  switch (question) {
    case 'status':
      write(isJson ? known.json : expandMarks(known.text, now))
      return now < known.healthyUntil ? 0 : 1
    case 'ready':
      write(isReady ? 'ready\n' : 'not ready\n')
      return isReady ? 0 : 1
    case 'live':
      write(now <= known.overdueAt ? 'alive\n' : 'overdue\n')
      return now <= known.overdueAt ? 0 : 1
  }
}

function readKnown(config: AgentConfig, ports: StatusPorts): Known | undefined {
  const { statePath } = config.own
  if (statePath === undefined) {
    ports.writeError('this agent keeps no state: claviger.state_path is not configured\n')
    return undefined
  }
  const file = readStatusFile(statusPath(statePath, ports.environment))
  return file === undefined
    ? readState(config, statePath, ports)
    : { ...file, now: timelineNow(file.origin) }
}

/** Before the first step is done there is a state at most. */
function readState(
  config: AgentConfig,
  statePath: string,
  { writeError }: StatusPorts,
): Known | undefined {
  try {
    const { state, discarded } = createStateFile(statePath).load()
    if (discarded) {
      writeError(`${statePath}: the state is of another version\n`)
      return undefined
    }
    const templates = compileTemplates(config)
    const agent = describeStatus(config, state, (secret) => shownSecret({ templates }, secret))
    const told = { agent, residence: undefined }
    return {
      now: openTimeline(state.timeline).clock.now(),
      isReady: agent.ready,
      healthyUntil: healthyUntil(agent),
      overdueAt: Number.POSITIVE_INFINITY,
      text: formatMarkedStatus(told),
      json: formatJsonStatus(told),
    }
  } catch (thrown) {
    writeError(`${toAppError(thrown, 'state_unusable', { path: statePath }).message}\n`)
    return undefined
  }
}

function refuse(issues: readonly Issue[], { writeError }: StatusPorts): number {
  for (const issue of issues) writeError(`${formatIssue(issue)}\n`)
  return 2
}
