/** The last stage: the token for every sink that does not hold it yet. */
import type { AppError } from '../../core/errors.ts'
import type { SinkConfig } from '../config/sink-config.ts'
import { attemptsMade, fail, resting, sinkBackoff } from '../plan/failure.ts'
import type { AgentState, Session } from '../plan/state.ts'
import {
  attemptError,
  currentMoment,
  type PreparedSink,
  type StepContext,
  type StepEvent,
} from './context.ts'
import type { FileWrite } from './file-write.ts'
import { sha256 } from './hash.ts'

export interface SinkStage {
  readonly state: AgentState
  readonly events: readonly StepEvent[]
  readonly writes: readonly FileWrite[]
}

/** A plain token is compared with the file in every step; what was wrapped or encrypted is made once per token. */
export async function fillSinks(context: StepContext, before: AgentState): Promise<SinkStage> {
  const { session } = before
  if (session === undefined) return { state: before, events: [], writes: [] }
  let stage: SinkStage = { state: before, events: [], writes: [] }
  for (const sink of context.config.sinks) {
    stage = await fillSink(context, stage, { sink, session })
  }
  return stage
}

/** True when every sink holds the token of `state`. */
export function areSinksFilled(sinks: readonly SinkConfig[], state: AgentState): boolean {
  const { session } = state
  if (session === undefined) return sinks.length === 0
  const hash = hashOf(session)
  return sinks.every(({ path }) => state.sinks.get(path) === hash)
}

async function fillSink(
  context: StepContext,
  stage: SinkStage,
  { sink, session }: Filling,
): Promise<SinkStage> {
  const { state } = stage
  const hash = hashOf(session)
  const isMade = sink.wrapTtlMs !== undefined || sink.encryption !== undefined
  const isThere = isMade && state.sinks.get(sink.path) === hash
  if (isThere || resting(state.sinkFailures.get(sink.path), context.now)) return stage
  const prepared = await prepare(context, { sink, session })
  if (prepared === undefined) return stage
  if (prepared.kind === 'made') {
    const sinkFailures = new Map(state.sinkFailures)
    sinkFailures.delete(sink.path)
    const sinks = new Map(state.sinks).set(sink.path, hash)
    return {
      ...stage,
      state: { ...state, sinks, sinkFailures },
      writes: [...stage.writes, sinkWrite(sink, prepared.bytes)],
    }
  }
  return noteFailure(context, stage, { sink, error: prepared.error })
}

interface Filling {
  readonly sink: SinkConfig
  readonly session: Session
}

/** Undefined while Vault is slow to wrap the token, for which the files of other stores do not wait. */
async function prepare(
  { ports, sinks }: StepContext,
  { sink, session }: Filling,
): Promise<PreparedSink | undefined> {
  const run = async (): Promise<PreparedSink> => {
    try {
      return { kind: 'made', bytes: await ports.prepareSink(sink, session.token) }
    } catch (thrown) {
      return { kind: 'failed', error: attemptError(thrown) }
    }
  }
  if (ports.stores.size === 0) return run()
  const [prepared] = await sinks.settle([{ key: sink.path, source: hashOf(session), run }])
  return prepared
}

function noteFailure(
  context: StepContext,
  stage: SinkStage,
  { sink, error }: { readonly sink: SinkConfig; readonly error: AppError },
): SinkStage {
  const { state } = stage
  const attempt = { error, backoff: sinkBackoff }
  const at = currentMoment(context)
  const failure = fail(state.sinkFailures.get(sink.path), attempt, at)
  const event: StepEvent = {
    kind: 'failed',
    what: 'sink',
    error,
    attempts: attemptsMade(failure, 0),
    retryInMs: failure.retryAt - at.now,
  }
  const sinkFailures = new Map(state.sinkFailures).set(sink.path, failure)
  return { ...stage, state: { ...state, sinkFailures }, events: [...stage.events, event] }
}

function hashOf({ token }: Session): string {
  return sha256(token.reveal())
}

function sinkWrite({ path, mode, uid, gid }: SinkConfig, bytes: Uint8Array): FileWrite {
  return {
    destination: path,
    bytes,
    file: {
      mode,
      createDirectories: false,
      user: uid === undefined ? undefined : String(uid),
      group: gid === undefined ? undefined : String(gid),
      backup: false,
    },
    group: path,
  }
}
