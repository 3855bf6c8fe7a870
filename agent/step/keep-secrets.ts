/** The second stage, and the reads of the third: leases renewed, secrets read when they are due or missing. */
import type { AppError } from '../../core/errors.ts'
import {
  namedStore,
  type SecretRequest,
  secretRequestKey,
} from '../../core/template/secret-request.ts'
import { attemptsMade, fail, resting } from '../plan/failure.ts'
import { joinableAt, retryInTime } from '../plan/lease.ts'
import type { Moment } from '../plan/session.ts'
import type { AgentState, Failure, SecretFailure, Session } from '../plan/state.ts'
import {
  currentMoment,
  loseSession,
  type SecretResult,
  type Stage,
  type StepContext,
  shownSecret,
} from './context.ts'
import { checkSession, isFresh } from './keep-session.ts'
import { keepCertificate } from './kept-certificate.ts'
import { isForbidden, readSecret, refreshSecret } from './refresh-secret.ts'
import { findSource, type Source } from './sources.ts'
import { noteStores } from './store-states.ts'

/** Renews and re-reads what is due; whatever fails keeps its old answer. */
export async function keepSecrets(context: StepContext, state: AgentState): Promise<Stage> {
  const { now, joins } = context
  const due = [...state.secrets].filter(([key, held]) => {
    const failure = state.failures.get(key)
    if (failure !== undefined) return !resting(failure, now)
    return held.due.at <= now || (joins && joinableAt(held) <= now)
  })
  return attend(
    context,
    state,
    due.map(([key, held]) => {
      const { request } = held
      const wanted = { request, held, isSteady: !state.failures.has(key) }
      return { request, run: (source) => refreshSecret(context, source, wanted) }
    }),
  )
}

export interface WantedSecret {
  readonly request: SecretRequest
  /** That it does not exist is no failure. */
  readonly isOptional: boolean
  /** The files that are made of it. */
  readonly destinations: readonly string[]
}

/** Reads each of `wanted` for the first time. */
export async function readSecrets(
  context: StepContext,
  state: AgentState,
  wanted: readonly WantedSecret[],
): Promise<Stage> {
  return attend(
    context,
    state,
    wanted.map((secret) => ({
      request: secret.request,
      run: (source) => readFirst(context, source, secret),
    })),
  )
}

async function readFirst(
  context: StepContext,
  source: Source,
  { request, isOptional, destinations }: WantedSecret,
): Promise<SecretResult> {
  const kept = keepCertificate(context, request, destinations)
  if (kept !== undefined) return { kind: 'held', held: kept, event: 'secret_read' }
  const result = await readSecret(context, source, { request, isSteady: false })
  return result.kind === 'failed' ? { ...result, isOptional } : result
}

interface Task {
  readonly request: SecretRequest
  readonly run: (source: Source) => Promise<SecretResult>
}

async function attend(
  context: StepContext,
  state: AgentState,
  tasks: readonly Task[],
): Promise<Stage> {
  const work = tasks.flatMap(({ request, run }) => {
    const source = findSource(context, state, request)
    if (source === undefined) return []
    return [{ key: secretRequestKey(request), source: source.id, run: () => run(source) }]
  })
  if (work.length === 0) return { state, events: [] }
  const results = await context.requests.settle(work)
  const recorded = results.reduce<Stage>((sofar, result) => record(context, sofar, result), {
    state,
    events: [],
  })
  const stage = noteStores(context, recorded, results)
  if (!results.some(mayMeanDeadToken)) return stage
  const checked = await checkSession(context, stage.state)
  return { state: checked.state, events: [...stage.events, ...checked.events] }
}

/** Some Vaults do not say whether it is the token or the path that they refuse. */
function mayMeanDeadToken(result: SecretResult): boolean {
  if (result.kind === 'held') {
    return result.event === 'lease_unrenewable' && namedStore(result.held.request) === undefined
  }
  return isForbidden(result.error) && namedStore(result.request) === undefined
}

function record(context: StepContext, { state, events }: Stage, result: SecretResult): Stage {
  if (result.kind === 'failed') return recordFailure(context, { state, events }, result)
  const { held, event } = result
  const key = secretRequestKey(held.request)
  const failures = new Map(state.failures)
  failures.delete(key)
  const secrets = new Map(state.secrets).set(key, held)
  return {
    state: { ...state, secrets, failures },
    events: [...events, { kind: event, path: shownSecret(context, held.request) }],
  }
}

type Failed = Extract<SecretResult, { kind: 'failed' }>

function recordFailure(context: StepContext, { state, events }: Stage, result: Failed): Stage {
  const { request, what, error, isOptional } = result
  const at = currentMoment(context)
  const isAbsence = isOptional === true && error.code === 'secret_missing'
  const failure = nextFailure(context, state, { result, isAbsence, at })
  const key = secretRequestKey(request)
  const failed = {
    ...state,
    failures: new Map(state.failures).set(key, describeFailed(request, failure)),
  }
  const retryInMs = failure.retryAt - at.now
  if (isAbsence) {
    const event = {
      kind: 'secret_absent',
      path: shownSecret(context, request),
      attempts: failure.count,
      retryInMs,
    } as const
    return { state: failed, events: [...events, event] }
  }
  const attempts = attemptsMade(failure, httpRetriesOf(context, request))
  const isDead =
    namedStore(request) === undefined && isDeadToken(error, failure, state.session, context.now)
  return {
    state: isDead ? loseSession(context, failed, error) : failed,
    events: [...events, { kind: 'failed', what, error, attempts, retryInMs }],
  }
}

function describeFailed(request: SecretRequest, failure: Failure): SecretFailure {
  const { kind, path } = request
  const store = namedStore(request)
  const version = request.kind === 'read' ? request.version : undefined
  return {
    ...failure,
    kind,
    path,
    ...(store === undefined ? {} : { store }),
    ...(version === undefined ? {} : { version }),
  }
}

interface FailedRequest {
  readonly result: Failed
  readonly isAbsence: boolean
  readonly at: Moment
}

/** Only what nobody has yet is asked for as often as Vault's own client does; what is there can wait. */
function nextFailure(
  context: StepContext,
  { secrets, failures }: AgentState,
  { result: { request, error }, isAbsence, at }: FailedRequest,
): Failure {
  const { backoff } = context.config.templating
  const key = secretRequestKey(request)
  const held = secrets.get(key)
  const httpRetries = held === undefined ? httpRetriesOf(context, request) : 0
  const failure = fail(failures.get(key), { error, backoff, httpRetries, isAbsence }, at)
  if (held === undefined) return failure
  const isTold = error.facts['retryAfterMs'] !== undefined
  const retryAt = isTold ? failure.retryAt : retryInTime(held, failure.retryAt, at.now)
  // What came early waits for its own moment.
  return { ...failure, retryAt: Math.max(retryAt, held.due.at) }
}

/** `VAULT_MAX_RETRIES` is about the pod's own Vault. */
function httpRetriesOf({ config }: StepContext, request: SecretRequest): number {
  return namedStore(request) === undefined ? config.vault.httpRetries : 0
}

function isDeadToken(
  error: AppError,
  { count }: Failure,
  session: Session | undefined,
  now: number,
): boolean {
  if (error.code !== 'token_invalid' || session === undefined) return false
  return !isFresh(session, now) || count > 3
}
