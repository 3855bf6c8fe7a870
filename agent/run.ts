/** The shell around the step function: state in, step, state and files out, commands, sleep. */
import type { Backoff } from '../core/backoff.ts'
import { backoffMs } from '../core/backoff.ts'
import type { Clock } from '../core/clock.ts'
import { AppError } from '../core/errors.ts'
import { errorFields, type Logger } from '../core/log.ts'
import type { Secret } from '../core/secret.ts'
import type { Applied, ApplyStep } from './apply.ts'
import type { CommandQueue } from './commands/command-queue.ts'
import type { Supervisor } from './commands/supervisor.ts'
import type { AgentConfig } from './config/agent-config.ts'
import type { StateStore } from './files/state-file.ts'
import { adoptCommands, dueCommands, recordCommand } from './plan/commands.ts'
import type { Rest, RestDecision } from './plan/rest.ts'
import type { AgentState } from './plan/state.ts'
import { noteChange, type SeenChange } from './plan/stores.ts'
import { commandWake } from './plan/wake.ts'
import { reportEvents } from './report.ts'
import type { StepEvent } from './step/context.ts'
import type { Step, StepResult } from './step/step.ts'
import { afterWrites, beforeWrites } from './written-state.ts'

/** What SIGHUP replaces. */
export interface AgentProgram {
  readonly config: AgentConfig
  readonly step: Step
}

export interface AgentParts {
  /** What an earlier process left. */
  readonly state: AgentState
  readonly stateStore: StateStore
  readonly clock: Clock
  readonly logger: Logger
  /** Told of everything that happens, for the metrics. */
  readonly observe: (events: readonly StepEvent[]) => void
  readonly apply: ApplyStep
  readonly createQueue: (onDone: () => void) => CommandQueue
  /** Undefined but in process supervisor mode. */
  readonly supervisor: Supervisor | undefined
  /** Told after each step, once its files are written. */
  readonly onWritten?: (() => void) | undefined
  /** Asked after each step; absent: the process stays. */
  readonly settle?: (rest: Rest) => RestDecision
  /** Aborted when the agent has to end now: its files stay. */
  readonly stop: AbortSignal
}

const writeBackoff: Backoff = { minMs: 1000, maxMs: 60_000 }

/** How long an agent that revokes its token waits for the requests that are under way. */
const lateResultMs = 700

/** Runs until everything is rendered (init container) or until stopped (sidecar). */
export class AgentLoop {
  readonly #parts: AgentParts
  readonly #queue: CommandQueue
  #program: AgentProgram
  #state: AgentState
  /** What others want changed: not while a step is under way, since its result replaces the state. */
  readonly #changes: ((state: AgentState) => AgentState)[] = []
  #wake = new AbortController()
  #isAwake = false
  /** Steps in a row that could not write all files. */
  #unwritten = 0
  #unmet: readonly string[]

  constructor(program: AgentProgram, parts: AgentParts) {
    this.#program = program
    this.#parts = parts
    this.#queue = parts.createQueue(() => this.wake())
    this.#state = adoptCommands(parts.state, program.config)
    this.#unmet = [`no answer from ${describeStores(program.config)} yet`]
  }

  get config(): AgentConfig {
    return this.#program.config
  }

  get state(): AgentState {
    return this.#state
  }

  /** Goes on with another configuration and other templates over the same state. */
  replace(program: AgentProgram): void {
    this.#program = program
    this.#change((state) => adoptCommands(state, program.config))
  }

  /** A secret of a store has changed, or may have. */
  noteChange(change: SeenChange): void {
    this.#change((state) => noteChange(state, change, this.#parts.clock.now()))
  }

  /** Somebody else found that the store does not take the token: the next step asks whether it lives. */
  doubtToken(token: Secret): void {
    this.#change((state) => {
      const { session } = state
      if (session?.token.reveal() !== token.reveal()) return state
      return { ...state, session: { ...session, dueAt: this.#parts.clock.now() } }
    })
  }

  #change(change: (state: AgentState) => AgentState): void {
    this.#changes.push(change)
    this.wake()
  }

  /** Makes the next step come now. */
  wake(): void {
    this.#isAwake = true
    this.#wake.abort()
  }

  /** The exit code; 0 also where the process ends only until the next step. */
  async run(): Promise<number> {
    const { clock, logger, stop } = this.#parts
    const deadline = this.#startDeadline()
    const interrupt = AbortSignal.any([stop, deadline])
    while (!stop.aborted) {
      this.#isAwake = false
      for (const change of this.#changes.splice(0)) this.#state = change(this.#state)
      const { config, step } = this.#program
      const pending = step(config, this.#state, clock.now())
      const result = await untilStopped(pending, interrupt)
      if (deadline.aborted && !stop.aborted) return this.#giveUpLate()
      if (result === undefined) {
        await this.#keepLateResult(config, pending)
        break
      }
      const ended = await untilStopped(this.#finishStep(config, result), interrupt)
      if (ended !== undefined) return this.#end(ended)
      if (!interrupt.aborted && (await this.#rest(result.nextWake, interrupt)) === 'end') return 0
      if (deadline.aborted && !stop.aborted) return this.#giveUpLate()
    }
    logger.info('stopped')
    return 0
  }

  /** The exit code if this was the last step. */
  async #finishStep(config: AgentConfig, result: StepResult): Promise<number | undefined> {
    const { apply, logger, observe } = this.#parts
    reportEvents(logger, result.events)
    observe(result.events)
    this.#keep(beforeWrites(this.#state, result.state))
    const applied = apply(logger, result)
    this.#unwritten = applied.failed.size === 0 ? 0 : this.#unwritten + 1
    this.#keep(afterWrites(config, result.state, applied))
    this.#parts.onWritten?.()
    const failed = [...applied.failed.keys()].map((destination) => `${destination}: write_failed`)
    this.#unmet = [...result.unmet, ...failed]
    const commandError = await this.#runCommands(config)
    this.#supervise(result)
    const error = result.giveUp ?? this.#reasonToGiveUp(config, applied, commandError)
    if (error !== undefined) return this.#giveUp(error)
    return this.#conclude(config, result)
  }

  /** A token that is just being given out can only be revoked once it is known. */
  async #keepLateResult(config: AgentConfig, pending: Promise<StepResult>): Promise<void> {
    if (!config.own.revokeOnShutdown) return
    const late = await Promise.race([pending, this.#parts.clock.sleep(lateResultMs)])
    if (late !== undefined) this.#keep(late.state)
  }

  #keep(state: AgentState): void {
    this.#state = state
    this.#parts.stateStore.save(state)
  }

  /** An agent that is to exit waits for its commands, one that stays is woken by them. The first failure since the last step. */
  async #runCommands(config: AgentConfig): Promise<AppError | undefined> {
    // What has ended first: it would be due once more.
    const earlier = this.#recordOutcomes()
    this.#queue.add(dueCommands(config, this.#state, this.#parts.clock.now()))
    if (!config.exitAfterAuth) return earlier
    await this.#queue.idle()
    const last = this.#recordOutcomes()
    return earlier ?? last
  }

  #recordOutcomes(): AppError | undefined {
    const { clock, logger } = this.#parts
    const outcomes = this.#queue.take()
    for (const { run, error } of outcomes) {
      const paths = [...run.causes.keys()].join(', ')
      if (error === undefined) logger.info('command run', { path: paths })
      else logger.error('command failed', { path: paths, ...errorFields(error) })
      const moment = { now: clock.now(), chance: clock.chance() }
      this.#state = recordCommand(this.#state, run, { error, moment })
    }
    if (outcomes.length > 0) this.#keep(this.#state)
    return outcomes.find(({ error }) => error !== undefined)?.error
  }

  #supervise({ variables }: StepResult): void {
    if (variables === undefined || this.config.exitAfterAuth) return
    this.#parts.supervisor?.show(variables)
  }

  #reasonToGiveUp(
    config: AgentConfig,
    { failed }: Applied,
    commandError: AppError | undefined,
  ): AppError | undefined {
    const { exitOnRetryFailure, exitOnRefreshFailure } = config.templating
    if (!exitOnRetryFailure || (this.#state.wasComplete && !exitOnRefreshFailure)) return undefined
    // A sink that cannot be written is tried again for ever, as with Vault Agent.
    const sinks = new Set(config.sinks.map(({ path }) => path))
    const unwritten = [...failed].find(([destination]) => !sinks.has(destination))
    return commandError ?? unwritten?.[1]
  }

  #conclude({ exitAfterAuth }: AgentConfig, { complete }: StepResult): number | undefined {
    const isWaiting = this.#state.commands.size > 0
    if (!complete || this.#unwritten > 0 || (isWaiting && !exitAfterAuth)) return undefined
    if (!this.#state.wasComplete) this.#keep({ ...this.#state, wasComplete: true })
    if (!exitAfterAuth) return undefined
    this.#parts.logger.info('everything rendered')
    return 0
  }

  #giveUp(error: AppError): number {
    this.#parts.logger.error('giving up', errorFields(error))
    return 1
  }

  #giveUpLate(): number {
    const { initDeadlineMs = 0 } = this.config.own
    const facts = { deadline_s: initDeadlineMs / 1000, missing: this.#unmet.join('; ') }
    return this.#giveUp(new AppError('deadline_exceeded', facts))
  }

  #end(code: number): number {
    this.#settle(Number.POSITIVE_INFINITY, true)
    return code
  }

  async #rest(nextWake: number, interrupt: AbortSignal): Promise<'end' | 'awake'> {
    const { clock } = this.#parts
    if (this.#isAwake) return 'awake'
    this.#wake = new AbortController()
    const now = clock.now()
    const retryAt = now + backoffMs(writeBackoff, this.#unwritten, clock.chance())
    const writeWake = this.#unwritten === 0 ? Number.POSITIVE_INFINITY : retryAt
    // A command that has just failed is no part of what the step knew.
    const wakeAt = Math.min(nextWake, writeWake, commandWake(this.#state, now))
    const wakened = AbortSignal.any([interrupt, this.#wake.signal])
    while (!wakened.aborted) {
      const decision = this.#settle(wakeAt, false)
      if (decision.kind === 'end') return 'end'
      await clock.sleep(Math.min(wakeAt, decision.askAgainAt) - clock.now(), wakened)
      if (wakeAt <= decision.askAgainAt) break
    }
    return 'awake'
  }

  #settle(wakeAt: number, isLast: boolean): RestDecision {
    const stay = { kind: 'stay', askAgainAt: Number.POSITIVE_INFINITY } as const
    const rest = {
      wakeAt,
      isLast,
      hasCommands: this.#state.commands.size > 0 || !this.#queue.isIdle,
      hasUnwritten: this.#unwritten > 0,
    }
    return this.#parts.settle?.(rest) ?? stay
  }

  /** Aborts when an agent that is to exit has taken as long as it may; never for one that stays. */
  #startDeadline(): AbortSignal {
    const controller = new AbortController()
    const { exitAfterAuth, own } = this.config
    if (exitAfterAuth && own.initDeadlineMs !== undefined) {
      this.#parts.clock.sleep(own.initDeadlineMs, this.#parts.stop).then(() => controller.abort())
    }
    return controller.signal
  }
}

function describeStores({ auth, vault, own }: AgentConfig): string {
  const names = [...own.stores.keys()]
  return auth === undefined && names.length > 0 ? names.join(', ') : vault.address
}

/** A request that is under way must not hold up the end of the container. */
async function untilStopped<T>(work: Promise<T>, stop: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const onStop = () => resolve(undefined)
    if (stop.aborted) onStop()
    stop.addEventListener('abort', onStop, { once: true })
    work.then(resolve, reject).finally(() => stop.removeEventListener('abort', onStop))
  })
}
