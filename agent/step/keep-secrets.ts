/** The second stage, and the reads of the third: leases renewed, secrets read when they are due or missing. */
import type { AppError } from '../../core/errors.ts'
import { Secret } from '../../core/secret.ts'
import { type SecretRequest, secretRequestKey } from '../../core/template/secret-request.ts'
import { attemptsMade, fail, resting } from '../plan/failure.ts'
import {
  extendLease,
  holdSecret,
  isNearEnd,
  joinableAt,
  letEnd,
  retryInTime,
} from '../plan/lease.ts'
import type { Moment } from '../plan/session.ts'
import type { AgentState, Failure, HeldSecret, Session } from '../plan/state.ts'
import {
  attemptError,
  concealPath,
  currentMoment,
  isRefusal,
  loseSession,
  type Stage,
  type StepContext,
  shownPath,
} from './context.ts'
import { checkSession, isFresh } from './keep-session.ts'
import { keepCertificate } from './kept-certificate.ts'
import type { SecretResult } from './secret-requests.ts'

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
      const isSteady = !state.failures.has(key)
      return { key, run: (token) => refresh(context, { held, isSteady }, token) }
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
      key: secretRequestKey(secret.request),
      run: (token) => readFirst(context, secret, token),
    })),
  )
}

async function readFirst(
  context: StepContext,
  { request, isOptional, destinations }: WantedSecret,
  token: Secret,
): Promise<SecretResult> {
  const kept = keepCertificate(context, request, destinations)
  if (kept !== undefined) return { kind: 'held', held: kept, event: 'secret_read' }
  const result = await read(context, { request, isSteady: false }, token)
  return result.kind === 'failed' ? { ...result, isOptional } : result
}

interface Work {
  readonly key: string
  readonly run: (token: Secret) => Promise<SecretResult>
}

async function attend(
  context: StepContext,
  state: AgentState,
  work: readonly Work[],
): Promise<Stage> {
  const { session } = state
  if (session === undefined || session.isWrapped || work.length === 0) return { state, events: [] }
  const results = await context.requests.settle(
    session,
    work.map(({ key, run }) => ({ key, run: () => run(session.token) })),
  )
  const stage = results.reduce<Stage>((sofar, result) => record(context, sofar, result), {
    state,
    events: [],
  })
  if (!results.some(mayMeanDeadToken)) return stage
  const checked = await checkSession(context, stage.state)
  return { state: checked.state, events: [...stage.events, ...checked.events] }
}

/** Some stores do not say whether it is the token or the path that they refuse. */
function mayMeanDeadToken(result: SecretResult): boolean {
  return result.kind === 'held' ? result.event === 'lease_unrenewable' : isForbidden(result.error)
}

function isForbidden({ code, facts }: AppError): boolean {
  return code === 'store_refused' && facts['status'] === 403
}

function record(context: StepContext, { state, events }: Stage, result: SecretResult): Stage {
  if (result.kind === 'held') {
    const { held, event } = result
    const key = secretRequestKey(held.request)
    const failures = new Map(state.failures)
    failures.delete(key)
    const secrets = new Map(state.secrets).set(key, held)
    return {
      state: { ...state, secrets, failures },
      events: [...events, { kind: event, path: shownPath(context, held.request.path) }],
    }
  }
  const { request, what, error, isOptional } = result
  const key = secretRequestKey(request)
  const at = currentMoment(context)
  const isAbsence = isOptional === true && error.code === 'secret_missing'
  const failure = nextFailure(context, state, { result, isAbsence, at })
  const { kind, path } = request
  const failed = {
    ...state,
    failures: new Map(state.failures).set(key, { ...failure, kind, path }),
  }
  const retryInMs = failure.retryAt - at.now
  if (isAbsence) {
    const shown = shownPath(context, path)
    const event = {
      kind: 'secret_absent',
      path: shown,
      attempts: failure.count,
      retryInMs,
    } as const
    return { state: failed, events: [...events, event] }
  }
  const attempts = attemptsMade(failure, context.config.vault.httpRetries)
  return {
    state: isDeadToken(error, failure, state.session, context.now)
      ? loseSession(context, failed, error)
      : failed,
    events: [...events, { kind: 'failed', what, error, attempts, retryInMs }],
  }
}

interface FailedRequest {
  readonly result: Extract<SecretResult, { kind: 'failed' }>
  readonly isAbsence: boolean
  readonly at: Moment
}

/** Only what nobody has yet is asked for as often as Vault's own client does; what is there can wait. */
function nextFailure(
  { config }: StepContext,
  { secrets, failures }: AgentState,
  { result: { request, error }, isAbsence, at }: FailedRequest,
): Failure {
  const { backoff } = config.templating
  const key = secretRequestKey(request)
  const held = secrets.get(key)
  const httpRetries = held === undefined ? config.vault.httpRetries : 0
  const failure = fail(failures.get(key), { error, backoff, httpRetries, isAbsence }, at)
  if (held === undefined) return failure
  const isTold = error.facts['retryAfterMs'] !== undefined
  const retryAt = isTold ? failure.retryAt : retryInTime(held, failure.retryAt, at.now)
  // What came early waits for its own moment.
  return { ...failure, retryAt: Math.max(retryAt, held.due.at) }
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

function refresh(
  context: StepContext,
  { held, isSteady }: { readonly held: HeldSecret; readonly isSteady: boolean },
  token: Secret,
): Promise<SecretResult> {
  const hasEnded = held.expiresAt !== undefined && held.expiresAt <= context.now
  return held.due.kind === 'renew' && !hasEnded
    ? renewLease(context, held, token)
    : read(context, { request: held.request, isSteady }, token)
}

/**
 * A lease that the store does not know is replaced at once, so is one that nobody could renew in time. One that may not be
 * renewed (403) lives to its end and is replaced shortly before. Source: Vault's lifetime watcher.
 */
async function renewLease(
  context: StepContext,
  held: HeldSecret,
  token: Secret,
): Promise<SecretResult> {
  const { auth, leaseId } = held.answer
  const asked = currentMoment(context)
  try {
    const granted =
      auth === undefined
        ? await context.ports.renewLease(leaseId, token)
        : (await context.ports.renewToken(new Secret(auth.clientToken))).leaseDuration
    const extended = extendLease(held, granted, asked)
    return { kind: 'held', held: { ...extended, readAt: asked.now }, event: 'lease_renewed' }
  } catch (thrown) {
    const error = attemptError(thrown)
    if (isForbidden(error)) {
      return {
        kind: 'held',
        held: letEnd(held, currentMoment(context)),
        event: 'lease_unrenewable',
      }
    }
    const isRefused = isRefusal(error) && (error.code !== 'token_invalid' || auth !== undefined)
    const isUrgent = isNearEnd(held, context.now) && error.facts['retryAfterMs'] === undefined
    if (isRefused || isUrgent)
      return read(context, { request: held.request, isSteady: false }, token)
    return { kind: 'failed', request: held.request, what: 'lease renewal', error }
  }
}

async function read(
  context: StepContext,
  { request, isSteady }: { readonly request: SecretRequest; readonly isSteady: boolean },
  token: Secret,
): Promise<SecretResult> {
  const { config, ports } = context
  const asked = currentMoment(context)
  try {
    const answer = await ports.read(request, token)
    const terms = { ...config.templating, wallLeadMs: ports.wall() - currentMoment(context).now }
    return {
      kind: 'held',
      held: holdSecret({ request, answer, isSteady }, terms, asked),
      event: 'secret_read',
    }
  } catch (thrown) {
    const error = concealPath(context, attemptError(thrown), request.path)
    return { kind: 'failed', request, what: 'read', error }
  }
}
