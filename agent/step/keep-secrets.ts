/** The second stage, and the reads of the third: leases renewed, secrets read when they are due or missing. */
import type { AppError } from '../../core/errors.ts'
import type { Secret } from '../../core/secret.ts'
import { type SecretRequest, secretRequestKey } from '../../core/template/secret-request.ts'
import { fail, readBackoff, resting } from '../plan/failure.ts'
import { extendLease, holdSecret } from '../plan/lease.ts'
import type { AgentState, HeldSecret } from '../plan/state.ts'
import {
  attemptError,
  concealPath,
  type FailedWork,
  isRefusal,
  loseSession,
  moment,
  type Stage,
  type StepContext,
  shownPath,
} from './context.ts'

/** Renews and re-reads what is due; whatever fails keeps its old answer. */
export async function keepSecrets(context: StepContext, state: AgentState): Promise<Stage> {
  const due = [...state.secrets].filter(
    ([key, held]) => held.due.at <= context.now && !resting(state.failures.get(key), context.now),
  )
  return attend(
    context,
    state,
    due.map(
      ([, held]) =>
        (token) =>
          refresh(context, held, token),
    ),
  )
}

export interface WantedSecret {
  readonly request: SecretRequest
  /** That it does not exist is no failure. */
  readonly isOptional: boolean
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
    wanted.map(({ request, isOptional }) => async (token) => {
      const result = await read(context, request, token)
      return result.kind === 'failed' ? { ...result, isOptional } : result
    }),
  )
}

type Result =
  | {
      readonly kind: 'held'
      readonly held: HeldSecret
      readonly event: 'secret_read' | 'lease_renewed'
    }
  | {
      readonly kind: 'failed'
      readonly request: SecretRequest
      readonly what: FailedWork
      readonly error: AppError
      readonly isOptional?: boolean
    }

async function attend(
  context: StepContext,
  state: AgentState,
  work: readonly ((token: Secret) => Promise<Result>)[],
): Promise<Stage> {
  const { session } = state
  if (session === undefined) return { state, events: [] }
  const results = await Promise.all(work.map((run) => run(session.token)))
  return results.reduce<Stage>((stage, result) => record(context, stage, result), {
    state,
    events: [],
  })
}

function record(context: StepContext, { state, events }: Stage, result: Result): Stage {
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
  const attempt = { error, backoff: readBackoff }
  const failure = fail(state.failures.get(key), attempt, moment(context))
  const failures = new Map(state.failures).set(key, failure)
  const failed = { ...state, failures }
  const { count: attempts } = failure
  const retryInMs = failure.retryAt - context.now
  if (isOptional === true && error.code === 'secret_missing') {
    const path = shownPath(context, request.path)
    const event = { kind: 'secret_absent', path, attempts, retryInMs } as const
    return { state: failed, events: [...events, event] }
  }
  const dead = error.code === 'token_invalid' && state.session !== undefined
  return {
    state: dead ? loseSession(context, failed, error) : failed,
    events: [...events, { kind: 'failed', what, error, attempts, retryInMs }],
  }
}

function refresh(context: StepContext, held: HeldSecret, token: Secret): Promise<Result> {
  return held.due.kind === 'renew'
    ? renewLease(context, held, token)
    : read(context, held.request, token)
}

/** A lease that the store will not renew is replaced at once, while it still lives. */
async function renewLease(context: StepContext, held: HeldSecret, token: Secret): Promise<Result> {
  try {
    const granted = await context.ports.renewLease(held.answer.leaseId, token)
    return {
      kind: 'held',
      held: extendLease(held, granted, moment(context)),
      event: 'lease_renewed',
    }
  } catch (thrown) {
    const error = attemptError(thrown)
    if (isRefusal(error) && error.code !== 'token_invalid')
      return read(context, held.request, token)
    return { kind: 'failed', request: held.request, what: 'lease renewal', error }
  }
}

async function read(context: StepContext, request: SecretRequest, token: Secret): Promise<Result> {
  try {
    const answer = await context.ports.read(request, token)
    const held = holdSecret({ request, answer }, context.config, moment(context))
    return { kind: 'held', held, event: 'secret_read' }
  } catch (thrown) {
    const error = concealPath(context, attemptError(thrown), request.path)
    return { kind: 'failed', request, what: 'read', error }
  }
}
