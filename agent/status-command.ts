/** `status`: how an agent is doing, from the state that it keeps; no listener, no shell, no request. */
import { toAppError } from '../core/errors.ts'
import { parseFlags } from '../core/go-flags.ts'
import { formatIssue, type Issue } from '../core/issue.ts'
import type { Environment } from './agent-program.ts'
import { compileTemplates } from './compile-templates.ts'
import type { AgentConfig } from './config/agent-config.ts'
import { loadConfig } from './config/load-config.ts'
import { createStateFile } from './files/state-file.ts'
import { agentFlags } from './flags.ts'
import { type DatedStatus, formatStatus, isHealthy } from './status-text.ts'
import { shownPath } from './step/context.ts'
import { describeStatus } from './step/describe-status.ts'
import { openTimeline } from './timeline.ts'

const { config, help } = agentFlags
const statusFlags = {
  config,
  json: { kind: 'boolean', help: 'print JSON, times as RFC 3339' },
  help,
} as const

const usage = `Usage: claviger-agent status [-json] [-config=PATH]

Says what the agent of this container knows: its session, each secret's age, next refresh and last error, and which files are
rendered. Exit code 0: everything is rendered and fresh; 1: something is missing, failing or too old; 2: the state cannot be read.
`

export interface StatusPorts {
  readonly environment: Environment
  readonly write: (text: string) => void
  readonly writeError: (text: string) => void
}

/** `words` follow `status`. Resolves with the exit code. */
export async function runStatus(words: readonly string[], ports: StatusPorts): Promise<number> {
  const parsed = parseFlags(statusFlags, words, {})
  if (parsed.kind === 'issues') return refuse(parsed.issues, ports)
  const { flags } = parsed.value
  if (flags.help === true) {
    ports.write(usage)
    return 0
  }
  const loaded = await loadConfig(
    flags.config === undefined ? {} : { config: flags.config },
    ports.environment,
  )
  if (loaded.kind === 'issues') return refuse(loaded.issues, ports)
  const status = readStatus(loaded.value.config, ports)
  if (status === undefined) return 2
  ports.write(formatStatus(status, { isJson: flags.json === true }))
  return isHealthy(status.agent, status.now) ? 0 : 1
}

function readStatus(config: AgentConfig, { writeError }: StatusPorts): DatedStatus | undefined {
  const { statePath } = config.own
  if (statePath === undefined) {
    writeError('this agent keeps no state: claviger.state_path is not configured\n')
    return undefined
  }
  try {
    const { state, discarded } = createStateFile(statePath).load()
    if (discarded) {
      writeError(`${statePath}: the state is of another version\n`)
      return undefined
    }
    const templates = compileTemplates(config)
    const showPath = (path: string) => shownPath({ templates }, path)
    const now = openTimeline(state.timeline).clock.now()
    return { agent: describeStatus(config, state, showPath), now }
  } catch (thrown) {
    writeError(`${toAppError(thrown, 'state_unusable', { path: statePath }).message}\n`)
    return undefined
  }
}

function refuse(issues: readonly Issue[], { writeError }: StatusPorts): number {
  for (const issue of issues) writeError(`${formatIssue(issue)}\n`)
  return 2
}
