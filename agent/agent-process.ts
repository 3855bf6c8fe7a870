/** The agent as a process: from its configuration to its exit code. */
import { rmSync, writeFileSync } from 'node:fs'
import { type AppError, toAppError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import { errorFields } from '../core/log.ts'
import { type Environment, type PreparedProgram, prepareProgram } from './agent-program.ts'
import { createApply } from './apply.ts'
import { commandEnvironment } from './commands/command-environment.ts'
import { CommandQueue } from './commands/command-queue.ts'
import { sendSignal } from './commands/send-signal.ts'
import type { Supervisor } from './commands/supervisor.ts'
import type { AgentConfig, CommandConfig } from './config/agent-config.ts'
import { endSession } from './end-session.ts'
import { createStateFile, createStateMemory } from './files/state-file.ts'
import { type OpenService, openService } from './open-service.ts'
import { AgentLoop } from './run.ts'
import { probeSink } from './sinks/probe-sink.ts'
import { watchStopSignals } from './stop-signals.ts'
import { openTimeline } from './timeline.ts'

export interface ProcessPorts {
  readonly environment: Environment
  readonly logger: Logger
  /** What commands and the log print, to standard error. */
  readonly write: (bytes: Uint8Array) => void
  /** The configuration as it is now; undefined where it cannot be used, which has been said. */
  readonly reload: () => Promise<AgentConfig | undefined>
}

/** Resolves with the exit code: 0, 1, or that of the child process. Errors: everything that keeps the agent from starting. */
export async function runAgentProcess(config: AgentConfig, ports: ProcessPorts): Promise<number> {
  const { logger } = ports
  for (const sink of config.sinks) probeSink(sink)
  const program = prepareProgram(config, ports)
  for (const problem of program.problems) logger.error('template refused', errorFields(problem))
  if (config.vault.skipVerify) logger.warn('certificate of the store is not verified')
  const supervisor = await openSupervisor(config.exec, ports)
  const agent = new AgentProcess(program, { ...ports, supervisor })
  return agent.run()
}

/** Loaded where there is a process to supervise. */
async function openSupervisor(
  exec: AgentConfig['exec'],
  { environment, logger }: ProcessPorts,
): Promise<Supervisor | undefined> {
  if (exec === undefined) return undefined
  const { Supervisor } = await import('./commands/supervisor.ts')
  const onRestart = () => logger.info('secrets changed, the process is started anew')
  return new Supervisor(exec, { environment, onRestart })
}

interface AgentPorts extends ProcessPorts {
  readonly supervisor: Supervisor | undefined
}

class AgentProcess {
  readonly #ports: AgentPorts
  readonly #stateStore
  readonly #timeline
  readonly #stopping
  readonly #loop: AgentLoop
  #program: PreparedProgram
  #service: OpenService | undefined

  constructor(program: PreparedProgram, ports: AgentPorts) {
    const { logger, supervisor } = ports
    const { own } = program.config
    this.#ports = ports
    this.#program = program
    this.#stateStore =
      own.statePath === undefined ? createStateMemory() : createStateFile(own.statePath)
    const { state, discarded } = this.#stateStore.load()
    if (discarded) logger.warn('state of another version discarded')
    this.#timeline = openTimeline(state.timeline)
    const { clock, anchor } = this.#timeline
    this.#stopping = watchStopSignals({ graceMs: () => this.#graceMs(), clock, logger })
    const { stop } = this.#stopping
    const execute = (command: CommandConfig) => this.#execute(command)
    this.#loop = new AgentLoop(program, {
      state: { ...state, timeline: anchor },
      stateStore: this.#stateStore,
      clock,
      logger,
      observe: (events) => this.#service?.observe(events),
      apply: createApply(() => this.#program.config),
      createQueue: (onDone) => new CommandQueue(execute, onDone),
      supervisor,
      stop,
    })
  }

  async run(): Promise<number> {
    const { config } = this.#program
    const { clock } = this.#timeline
    this.#service = await openService(config, {
      program: () => this.#program,
      loop: this.#loop,
      quit: this.#stopping.request,
      logger: this.#ports.logger,
      clock,
    })
    const onHangup = () => void this.#reload()
    process.on('SIGHUP', onHangup)
    try {
      return await this.#withPidFile(config.pidFile, () => this.#work())
    } finally {
      process.removeListener('SIGHUP', onHangup)
      await this.#service.close()
    }
  }

  async #execute(command: CommandConfig): Promise<AppError | undefined> {
    if ('signal' in command) return sendSignal(command)
    const { environment, write } = this.#ports
    const { runCommand } = await import('./commands/run-command.ts')
    return runCommand(command, {
      environment: commandEnvironment(this.#program.config.vault, environment),
      write,
      stop: this.#stopping.stop,
    })
  }

  async #work(): Promise<number> {
    const { logger } = this.#ports
    const ended = this.#ports.supervisor?.ended.catch((thrown: unknown) => {
      logger.error('process not started', errorFields(thrown))
      return 1
    })
    const code = await Promise.race([this.#loop.run(), ...(ended === undefined ? [] : [ended])])
    await this.#ports.supervisor?.stop()
    if (this.#stopping.stop.aborted && this.#program.config.own.revokeOnShutdown) {
      const { client } = this.#program
      const { clock } = this.#timeline
      await endSession(this.#loop.state, { client, stateStore: this.#stateStore, clock, logger })
    }
    return code
  }

  /** Takes a configuration that can be used, whole; what it says of the log, the listeners and the process that is supervised counts from the next start. */
  async #reload(): Promise<void> {
    const { logger } = this.#ports
    const config = await this.#ports.reload()
    this.#service?.reload()
    if (config === undefined) return
    try {
      const program = prepareProgram(config, this.#ports)
      const [problem] = program.problems
      if (problem !== undefined) throw problem
      this.#program = program
      this.#loop.replace(program)
      logger.info('configuration reloaded')
    } catch (thrown) {
      logger.error('configuration not reloaded, the old one stays', errorFields(thrown))
    }
  }

  #graceMs(): number {
    const { revokeOnShutdown, revokeGraceMs } = this.#program.config.own
    return revokeOnShutdown ? revokeGraceMs : 0
  }

  async #withPidFile(path: string | undefined, work: () => Promise<number>): Promise<number> {
    if (path === undefined) return work()
    try {
      writeFileSync(path, `${process.pid}\n`, { mode: 0o600 })
    } catch (thrown) {
      throw toAppError(thrown, 'write_failed', { path })
    }
    try {
      return await work()
    } finally {
      rmSync(path, { force: true })
    }
  }
}
