/** `agent`: reads its configuration and runs, in a process of its own or for a step that the waiter started it for. */
import { systemClock } from '../core/clock.ts'
import type { Issue } from '../core/issue.ts'
import { createLogger, errorFields, type Logger, type LogLevel } from '../core/log.ts'
import { runAgentProcess } from './agent-process.ts'
import type { PreparedProgram } from './agent-program.ts'
import type { AgentConfig } from './config/agent-config.ts'
import type { AgentFlags } from './flags.ts'
import { openLogFile } from './log-file.ts'
import { ProgramKeeper, warn } from './program-keeper.ts'
import { createErrorWriter } from './standard-error.ts'
import { changedFiles } from './waiter/file-marks.ts'
import { readKeptTexts } from './waiter/kept-texts.ts'
import { textsPath } from './waiter/status-file.ts'
import type { WaiterCall } from './waiter/waiter-call.ts'

export interface StartPorts {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Undefined where no waiter started this process. */
  readonly call: WaiterCall | undefined
  readonly refuse: (issues: readonly Issue[]) => number
}

/** Vault's own agent knows no other exit code for a failure. */
const failed = 1

/** Resolves with the exit code. */
export async function startAgent(flags: AgentFlags, ports: StartPorts): Promise<number> {
  const { environment, call, refuse } = ports
  const kept = goesOn(call) ? readKept(environment) : undefined
  const keeper = new ProgramKeeper({ flags, environment, kept })
  const opened = await keeper.open()
  if (opened.kind === 'issues') return refuse(opened.issues)
  const { config, warnings } = opened.value
  if (flags['test-verify-only'] === true) return 0
  const level = { current: config.log.choice.level }
  const write = createErrorWriter(() => process.stderr)
  const logger = openLogger(config, { level, write })
  const reload = async () => {
    const program = await keeper.reload(logger)
    if (program !== undefined) level.current = program.config.log.choice.level
    return program
  }
  try {
    reportStart(logger, call)
    if (kept === undefined) warn(logger, warnings)
    const first = keeper.prepare(opened.value, logger)
    const program = wantsReload(keeper, first, call) ? ((await reload()) ?? first) : first
    return await runAgentProcess(program, { environment, call, logger, write, keeper, reload })
  } catch (thrown) {
    logger.error('agent failed', errorFields(thrown))
    return failed
  }
}

/** Whether this process goes on with what another began. */
function goesOn(call: WaiterCall | undefined): boolean {
  return call !== undefined && call.cause !== 'start'
}

function readKept(environment: StartPorts['environment']) {
  const path = textsPath(environment)
  return path === undefined ? undefined : readKeptTexts(path)
}

/** Of a process that was not yet listening to signals. */
const hangupSignal = 1

/** After a SIGHUP, or where texts have changed that count at once. */
function wantsReload(
  { texts }: ProgramKeeper,
  { config }: PreparedProgram,
  call: WaiterCall | undefined,
): boolean {
  if (call?.cause === 'hangup') return true
  if (call?.cause === 'crash' && call.signal === hangupSignal) return true
  return call?.cause === 'change' && config.own.watchFiles && changedFiles(texts.marks).length > 0
}

function reportStart(logger: Logger, call: WaiterCall | undefined): void {
  if (call === undefined) return
  const { cause, sleptMs, signal } = call
  logger.debug('started by the waiter', { cause, slept_s: sleptMs / 1000 })
  if (cause === 'crash') logger.warn('a signal ended the process, it is tried again', { signal })
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
