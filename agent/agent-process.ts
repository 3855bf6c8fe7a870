/** The agent as a process: from its program to its exit code. */
import { closeSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AppError, toAppError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import { errorFields } from '../core/log.ts'
import type { Environment, PreparedProgram } from './agent-program.ts'
import { createApply } from './apply.ts'
import { commandEnvironment } from './commands/command-environment.ts'
import { CommandQueue } from './commands/command-queue.ts'
import { sendSignal } from './commands/send-signal.ts'
import type { Supervisor } from './commands/supervisor.ts'
import type { AgentConfig, CommandConfig } from './config/agent-config.ts'
import { endSession } from './end-session.ts'
import { createStateFile, createStateMemory } from './files/state-file.ts'
import { type OpenService, openService } from './open-service.ts'
import type { ProgramKeeper } from './program-keeper.ts'
import { AgentLoop } from './run.ts'
import { probeSink } from './sinks/probe-sink.ts'
import { watchStopSignals } from './stop-signals.ts'
import { findStaticKeys } from './stores/static-keys.ts'
import { StoreKeeper } from './stores/store-keeper.ts'
import { openTimeline } from './timeline.ts'
import { Hibernation } from './waiter/hibernation.ts'
import type { ListenerSocket } from './waiter/listen-places.ts'
import type { WaiterCall } from './waiter/waiter-call.ts'

/** A store that does not let go of its connections keeps no container from ending. */
const closeWithinMs = 300

/** Nor does a collector of traces. */
const sendWithinMs = 500

const unused = { requests: 0, lastAt: Number.NEGATIVE_INFINITY, keepsLeases: false }

export interface ProcessPorts {
  readonly environment: Environment
  /** Undefined where no waiter started this process. */
  readonly call: WaiterCall | undefined
  readonly logger: Logger
  /** What commands and the log print, to standard error. */
  readonly write: (bytes: Uint8Array) => void
  readonly keeper: Pick<ProgramKeeper, 'texts' | 'areKept'>
  /** The program of the files as they are now; undefined where it cannot be used, which has been said. */
  readonly reload: () => Promise<PreparedProgram | undefined>
}

/** Resolves with the exit code: 0, 1, or that of the child process. Errors: everything that keeps the agent from starting. */
export async function runAgentProcess(
  program: PreparedProgram,
  ports: ProcessPorts,
): Promise<number> {
  const { config } = program
  const isNews = isNewProgram(ports.call)
  if (isNews) {
    for (const sink of config.sinks) probeSink(sink)
    program.traces?.tellAnew()
    reportProgram(program, ports)
  }
  const sockets = await openSockets(config, ports.call)
  const supervisor = await openSupervisor(config.exec, ports)
  const agent = new AgentProcess(program, { ...ports, supervisor, sockets })
  return (await agent.askForSockets(isNews)) ? 0 : agent.run()
}

/** Whether this process is the first to carry out its program. */
function isNewProgram(call: WaiterCall | undefined): boolean {
  return call === undefined || ['start', 'hangup', 'change'].includes(call.cause)
}

function reportProgram(
  { config, problems }: PreparedProgram,
  { logger, environment }: ProcessPorts,
): void {
  for (const problem of problems) logger.error('template refused', errorFields(problem))
  for (const { store, source } of findStaticKeys(config.own.stores.values(), environment, readText))
    logger.warn('static key in a pod, which could do with its own identity', { store, source })
  if (config.vault.skipVerify) logger.warn('certificate of the store is not verified')
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** Those that the waiter holds and nobody wants any more are closed. */
async function openSockets(
  { listeners }: AgentConfig,
  call: WaiterCall | undefined,
): Promise<readonly ListenerSocket[]> {
  if (call === undefined || listeners.length + call.sockets.length === 0) return []
  const { findSockets } = await import('./waiter/listen-places.ts')
  const { own, strays } = await findSockets(listeners, call.sockets)
  for (const { descriptor } of strays) closeSync(descriptor)
  return own
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
  /** Of the listeners, where there is a waiter. */
  readonly sockets: readonly ListenerSocket[]
}

class AgentProcess {
  readonly #ports: AgentPorts
  readonly #stateStore
  readonly #timeline
  readonly #stopping
  readonly #loop: AgentLoop
  readonly #hibernation: Hibernation
  readonly #stores: StoreKeeper
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
    this.#stores = new StoreKeeper((change) => this.#loop.noteChange(change))
    this.#loop = new AgentLoop(program, {
      state: { ...state, timeline: anchor },
      stateStore: this.#stateStore,
      clock,
      logger,
      observe: (events) => this.#service?.observe(events),
      apply: createApply(() => this.#program.config),
      createQueue: (onDone) => new CommandQueue(execute, onDone),
      supervisor,
      onWritten: () => this.#program.traces?.send(),
      settle: (rest) => {
        this.#stores.settle(this.#program, this.#loop.state, rest)
        return this.#hibernation.settle(rest)
      },
      stop,
    })
    this.#hibernation = this.#createHibernation()
  }

  #createHibernation(): Hibernation {
    const { keeper, sockets, ...ports } = this.#ports
    const places = sockets.flatMap(({ place, descriptor }) =>
      place === undefined || descriptor === undefined ? [] : [place],
    )
    return new Hibernation({
      ...ports,
      timeline: this.#timeline,
      program: () => this.#program,
      texts: () => keeper,
      state: () => this.#loop.state,
      use: () => this.#service?.use() ?? unused,
      places: places.length === this.#program.config.listeners.length ? places : undefined,
      isEnding: () => this.#stopping.isAsked(),
      onChange: (paths) => this.#takeChange(paths),
    })
  }

  /** Before anything else, so that nobody finds a listener closed while the process changes. True: the process is to end at once. */
  async askForSockets(isNews: boolean): Promise<boolean> {
    const { sockets } = this.#ports
    const areHeld = sockets.every(({ descriptor }) => descriptor !== undefined)
    if (!isNews || areHeld) return false
    const { choosePorts, freePlaces } = await import('./waiter/listen-places.ts')
    const places = await choosePorts(sockets)
    if (places.length < sockets.length || !this.#hibernation.askForSockets(places)) return false
    freePlaces(sockets)
    this.#hibernation.speak()
    return true
  }

  async run(): Promise<number> {
    const { config } = this.#program
    const { clock } = this.#timeline
    const { call, sockets } = this.#ports
    this.#service = await openService(config, {
      program: () => this.#program,
      loop: this.#loop,
      quit: this.#stopping.request,
      logger: this.#ports.logger,
      clock,
      inheritance: {
        descriptors: sockets.map(({ descriptor }) => descriptor),
        lastAt: call?.cause === 'connection' ? clock.now() : Number.NEGATIVE_INFINITY,
      },
    })
    // Never removed: without it the signal would end a process that is about to end by itself.
    process.on('SIGHUP', () => void this.#reload())
    if (call?.cause === 'end') this.#stopping.request()
    try {
      return await this.#withPidFile(config.pidFile, () => this.#work())
    } finally {
      await this.#service.close()
      await Promise.all([
        Promise.race([this.#stores.close(this.#program), clock.sleep(closeWithinMs)]),
        this.#program.traces?.close(sendWithinMs),
      ])
      this.#hibernation.speak()
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
      const { client, stores } = this.#program
      const { clock } = this.#timeline
      const ports = { client, stores, stateStore: this.#stateStore, clock, logger }
      await endSession(this.#loop.state, ports)
    }
    return code
  }

  /** Takes a configuration that can be used, whole; what it says of the log, the listeners and the process that is supervised counts from the next start. */
  async #reload(): Promise<void> {
    const program = await this.#ports.reload()
    this.#service?.reload()
    if (program === undefined) return
    this.#stores.retire(this.#program)
    void this.#program.traces?.close(sendWithinMs)
    this.#program = program
    this.#loop.replace(program)
  }

  #takeChange(paths: readonly string[]): void {
    const { marks } = this.#ports.keeper.texts
    if (paths.some((path) => marks.has(path))) void this.#reload()
    else this.#loop.wake()
  }

  #graceMs(): number {
    const { revokeOnShutdown, revokeGraceMs } = this.#program.config.own
    return revokeOnShutdown ? revokeGraceMs : 0
  }

  async #withPidFile(path: string | undefined, work: () => Promise<number>): Promise<number> {
    if (path === undefined) return work()
    try {
      // Signals go to the waiter, where there is one.
      const pid = this.#ports.call === undefined ? process.pid : process.ppid
      writeFileSync(path, `${pid}\n`, { mode: 0o600 })
    } catch (thrown) {
      throw toAppError(thrown, 'write_failed', { path })
    }
    try {
      return await work()
    } finally {
      if (!this.#hibernation.isPrepared) rmSync(path, { force: true })
    }
  }
}
