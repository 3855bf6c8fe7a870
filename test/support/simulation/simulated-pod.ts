/** The agent's own loop and step in a simulated world: an init container, then a sidecar, started again whenever they end badly. */
import { CommandQueue } from '../../../agent/commands/command-queue.ts'
import type { AgentConfig, CommandConfig } from '../../../agent/config/agent-config.ts'
import { emptyState } from '../../../agent/plan/state.ts'
import { formatState, parseState } from '../../../agent/plan/state-text.ts'
import { AgentLoop, type AgentProgram } from '../../../agent/run.ts'
import type { StepPorts } from '../../../agent/step/ports.ts'
import { createStep } from '../../../agent/step/step.ts'
import { AppError } from '../../../core/errors.ts'
import type { LastWord } from '../waiter/model.ts'
import type { DayPlan, FilePlan } from './day-plan.ts'
import { Network } from './network.ts'
import { silentLogger } from './silent-logger.ts'
import { configOf } from './simulated-config.ts'
import { SimulatedContainer } from './simulated-container.ts'
import {
  createClock,
  createPorts,
  createSearchedLogger,
  createStateStore,
  type Volume,
} from './simulated-ports.ts'
import { Killed, never, SimulatedProcess } from './simulated-process.ts'
import { createSettle, type Settle } from './simulated-rest.ts'
import { templatesOf } from './simulated-templates.ts'
import { minute, second } from './timetable.ts'
import type { World } from './world.ts'

type Role = 'init' | 'sidecar'

/** How long a revocation may take at the end. */
const revocationMs = 1.5 * second

export class SimulatedPod {
  readonly #world: World
  readonly #plan: DayPlan
  readonly #network: Network
  readonly #stopper = new AbortController()
  /** Whether the process is killed at this moment. */
  readonly #strikes: () => boolean
  #files: readonly FilePlan[]
  #isStopped = false
  #container: SimulatedContainer | undefined
  #volume: Volume = { state: undefined }
  #current: { readonly process: SimulatedProcess; readonly reload: () => void } | undefined
  #processes = 0
  #commands = 0

  constructor(world: World, plan: DayPlan, strikes: () => boolean) {
    this.#world = world
    this.#plan = plan
    this.#network = new Network(world)
    this.#strikes = strikes
    this.#files = plan.files
  }

  /** Resolves when the last process has ended after `stop`. */
  async run(): Promise<void> {
    this.#world.history.note({ kind: 'program', files: this.#files })
    if (this.#plan.hasInit) await this.#untilGood('init')
    await this.#untilGood('sidecar')
  }

  /** SIGTERM. */
  stop(): void {
    this.#world.history.note({ kind: 'stop asked' })
    this.#isStopped = true
    if (this.#container === undefined) this.#stopper.abort()
    else this.#container.fire({ kind: 'signal', signal: 'SIGTERM' })
  }

  /** SIGKILL. */
  kill(): void {
    if (this.#container === undefined) this.#current?.process.kill()
    else this.#container.kill()
  }

  /** Somebody uses its listener. */
  connect(): void {
    this.#container?.fire({ kind: 'connection' })
  }

  /** One of its files has changed. */
  touch(): void {
    this.#container?.fire({ kind: 'change' })
  }

  /** SIGHUP with other templates. */
  reload(files: readonly FilePlan[]): void {
    this.#files = files
    this.#world.history.note({ kind: 'program', files })
    if (this.#container === undefined) this.#current?.reload()
    else this.#container.fire({ kind: 'signal', signal: 'SIGHUP' })
  }

  async #untilGood(role: Role): Promise<void> {
    const { time, chances } = this.#world
    while (!this.#isStopped) {
      const isWaitedFor = role === 'sidecar' && this.#plan.hibernates
      const code = await (isWaitedFor ? this.#liveInContainer() : this.#live(role))
      if (code === 0 && role === 'init') return
      const pauseMs = chances.events.between(second, minute)
      await new Promise<void>((resolve) => void time.after(pauseMs, resolve))
    }
  }

  /** The exit code; undefined for a process that was killed. */
  async #live(role: Role): Promise<number | undefined> {
    const { history } = this.#world
    const process = new SimulatedProcess(++this.#processes, this.#strikes)
    this.#volume = { state: this.#inherited() }
    history.note({ kind: 'process started', process: process.id, role, state: this.#volume.state })
    const code = await Promise.race([process.killed, this.#work(process, role)])
    process.end()
    history.note({ kind: 'process ended', process: process.id, role, code: code ?? undefined })
    return code ?? undefined
  }

  /** As `live`, with a process for each step where it hibernates. */
  async #liveInContainer(): Promise<number | undefined> {
    const { history } = this.#world
    let word: LastWord | undefined
    const container = new SimulatedContainer(this.#world, {
      strikes: this.#strikes,
      nextId: () => ++this.#processes,
      run: (process, call) => {
        word = undefined
        this.#volume = { state: this.#inherited() }
        if (container.introduce(process)) {
          const { state } = this.#volume
          history.note({ kind: 'process started', process: process.id, role: 'sidecar', state })
        }
        if (call.cause === 'end') this.#stopper.abort()
        const rests = (spoken: LastWord) => {
          word = spoken
        }
        const settle = createSettle(this.#world, { plan: this.#plan, call, rests })
        return this.#work(process, 'sidecar', settle)
      },
      word: () => word,
      terminate: () => this.#stopper.abort(),
      reload: () => this.#current?.reload(),
    })
    this.#container = container
    const code = await container.ended
    this.#container = undefined
    return code
  }

  /** What the last process left, through its text. */
  #inherited(): Volume['state'] {
    const { state } = this.#volume
    if (state === undefined || !this.#plan.hasState) return undefined
    const inherited = parseState(formatState(state))
    if (inherited === undefined) throw new Error('the state that was saved cannot be read')
    return inherited
  }

  async #work(process: SimulatedProcess, role: Role, settle?: Settle): Promise<number | undefined> {
    try {
      return await this.#runLoop(process, role, settle)
    } catch (thrown) {
      if (thrown instanceof Killed) return undefined
      if (thrown instanceof AppError) return thrown.exitCode
      throw thrown
    }
  }

  async #runLoop(process: SimulatedProcess, role: Role, settle?: Settle): Promise<number> {
    const world = this.#world
    const ports = createPorts(world, this.#network, process)
    const program = () => this.#program(process, ports, role)
    const clock = createClock(world, process)
    const loop = new AgentLoop(program(), {
      state: this.#volume.state ?? emptyState,
      stateStore: createStateStore(world, process, this.#volume),
      clock,
      logger: this.#plan.isThorough ? createSearchedLogger(world) : silentLogger,
      observe: () => undefined,
      apply: (_, wanted) => world.disk.apply(process, wanted),
      createQueue: (onDone) =>
        new CommandQueue((command) => this.#runCommand(process, command), onDone),
      supervisor: undefined,
      ...(settle === undefined ? {} : { settle: (rest) => settle(loop.config, rest) }),
      stop: this.#stopper.signal,
    })
    this.#current = { process, reload: () => loop.replace(program()) }
    const code = await loop.run()
    if (this.#stopper.signal.aborted) {
      await Promise.race([this.#revoke(process, loop), clock.sleep(revocationMs)])
    }
    return code
  }

  #program(process: SimulatedProcess, ports: StepPorts, role: Role): AgentProgram {
    const config: AgentConfig = {
      ...configOf(this.#plan, this.#files),
      exitAfterAuth: role === 'init',
    }
    const step = createStep(ports, templatesOf(this.#plan, config, this.#files))
    return {
      config,
      step: (...input) => {
        process.stepAt = this.#world.time.now
        return step(...input)
      },
    }
  }

  async #revoke(process: SimulatedProcess, loop: AgentLoop): Promise<void> {
    const { session } = loop.state
    if (!loop.config.own.revokeOnShutdown || session === undefined) return
    const token = session.token.reveal()
    const question = { what: 'revoke token', subject: 'session', token } as const
    await this.#network
      .ask(process, question, () => this.#world.vault.revokeToken(token))
      .catch(() => undefined)
  }

  async #runCommand(
    process: SimulatedProcess,
    command: CommandConfig,
  ): Promise<AppError | undefined> {
    const { time, history, chances } = this.#world
    if (!process.pass()) return never()
    const name = 'words' in command ? (command.words[0] ?? '') : command.process
    const run = ++this.#commands
    history.note({ kind: 'command started', run, name })
    const tookMs = chances.events.between(10, 10 * second)
    await new Promise<void>((resolve) => void time.after(tookMs, resolve))
    if (!process.pass()) return never()
    const isGood = !this.#world.doCommandsFail && !chances.events.happens(0.05)
    history.note({ kind: 'command ended', run, name, isGood })
    return isGood ? undefined : new AppError('command_failed', { exit_code: 1 })
  }
}
