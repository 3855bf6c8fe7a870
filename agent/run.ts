/** The shell around the step function: state in, step, state and files out, sleep. */

import { writeFileIfChanged } from '../core/atomic-write.ts'
import type { Backoff } from '../core/backoff.ts'
import { backoffMs } from '../core/backoff.ts'
import type { Clock } from '../core/clock.ts'
import { AppError } from '../core/errors.ts'
import { errorFields, type Logger } from '../core/log.ts'
import { writeLocalFile } from '../core/machine/write-file.ts'
import type { AgentConfig } from './config/agent-config.ts'
import type { StateStore } from './files/state-file.ts'
import type { AgentState } from './plan/state.ts'
import { reportEvents } from './report.ts'
import type { FileWrite, Step, StepResult, TemplateEffects } from './step/step.ts'

export interface AgentParts {
  readonly config: AgentConfig
  readonly step: Step
  readonly stateStore: StateStore
  readonly clock: Clock
  readonly logger: Logger
  /** Aborted by SIGTERM: the agent ends as soon as it can, its files stay. */
  readonly stop: AbortSignal
}

const writeBackoff: Backoff = { minMs: 1000, maxMs: 60_000 }

/** Runs until everything is rendered (init container) or until stopped (sidecar); resolves to the exit code. */
export async function runAgent(parts: AgentParts): Promise<number> {
  const { config, step, stateStore, clock, logger, stop } = parts
  const loaded = stateStore.load()
  if (loaded.discarded) logger.warn('state of another version discarded')
  const deadline = startDeadline(parts)
  const interrupt = AbortSignal.any([stop, deadline])
  let unmet: readonly string[] = [`no answer from ${config.vault.address} yet`]
  let state = loaded.state
  for (let unwritten = 0; !stop.aborted; ) {
    const result = await untilStopped(step(config, state, clock.now()), interrupt)
    if (result === undefined && deadline.aborted && !stop.aborted) return giveUpLate(parts, unmet)
    if (result === undefined) break
    reportEvents(logger, result.events)
    // Before the files: a lease that was granted must survive a crash in between.
    stateStore.save(result.state)
    const failed = [...applyWrites(logger, result.writes), ...applyEffects(logger, result.effects)]
    state = forgetFiles(result.state, failed)
    unwritten = failed.length === 0 ? 0 : unwritten + 1
    const ended = outcome(parts, result, unwritten)
    if (ended !== undefined) return ended
    unmet = [...result.unmet, ...failed.map((destination) => `${destination}: write_failed`)]
    const retryAt = clock.now() + backoffMs(writeBackoff, unwritten, clock.chance())
    const wakeAt = unwritten === 0 ? result.nextWake : Math.min(result.nextWake, retryAt)
    await clock.sleep(wakeAt - clock.now(), interrupt)
    if (deadline.aborted && !stop.aborted) return giveUpLate(parts, unmet)
  }
  logger.info('stopped')
  return 0
}

/** Aborts when an agent that is to exit has taken as long as it may; never for one that stays. */
function startDeadline({ config, clock, stop }: AgentParts): AbortSignal {
  const controller = new AbortController()
  const { exitAfterAuth, initDeadlineMs } = config
  if (exitAfterAuth && initDeadlineMs !== undefined) {
    clock.sleep(initDeadlineMs, stop).then(() => controller.abort())
  }
  return controller.signal
}

function giveUpLate({ config, logger }: AgentParts, unmet: readonly string[]): number {
  const error = new AppError('deadline_exceeded', {
    deadline_s: (config.initDeadlineMs ?? 0) / 1000,
    missing: unmet.join('; '),
  })
  logger.error('giving up', errorFields(error))
  return error.exitCode
}

function outcome(
  { config, logger }: AgentParts,
  { complete, giveUp }: StepResult,
  unwritten: number,
): number | undefined {
  if (giveUp !== undefined) {
    logger.error('giving up', errorFields(giveUp))
    return giveUp.exitCode
  }
  if (!config.exitAfterAuth || !complete || unwritten > 0) return undefined
  logger.info('everything rendered')
  return 0
}

/** The destinations that could not be written. */
function applyWrites(logger: Logger, writes: readonly FileWrite[]): readonly string[] {
  return writes.flatMap((write) => {
    try {
      if (writeFileIfChanged(write.destination, write.bytes, write)) {
        logger.info('file written', { path: write.destination, bytes: write.bytes.length })
      }
      return []
    } catch (thrown) {
      logger.error('file not written', errorFields(thrown))
      return [write.destination]
    }
  })
}

/** The keys of those of which not all could be written. */
function applyEffects(logger: Logger, all: readonly TemplateEffects[]): readonly string[] {
  return all.flatMap(({ key, effects, policy }) => {
    try {
      for (const effect of effects) writeLocalFile(effect, policy)
      logger.info('files of a template written', { count: effects.length })
      return []
    } catch (thrown) {
      logger.error('file not written', errorFields(thrown))
      return [key]
    }
  })
}

function forgetFiles(state: AgentState, destinations: readonly string[]): AgentState {
  const files = [...state.files].filter(([destination]) => !destinations.includes(destination))
  return { ...state, files: new Map(files) }
}

/** A request that is under way must not hold up the end of the container. */
async function untilStopped<T>(work: Promise<T>, stop: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const onStop = () => resolve(undefined)
    stop.addEventListener('abort', onStop, { once: true })
    work.then(resolve, reject).finally(() => stop.removeEventListener('abort', onStop))
  })
}
