/** One secret asked of its store: read, or its lease renewed. */
import type { AppError } from '../../core/errors.ts'
import type { SecretRequest } from '../../core/template/secret-request.ts'
import { extendLease, holdSecret, isNearEnd, letEnd } from '../plan/lease.ts'
import type { HeldSecret } from '../plan/state.ts'
import {
  attemptError,
  concealPath,
  currentMoment,
  isRefusal,
  type SecretResult,
  type StepContext,
} from './context.ts'
import type { Source } from './sources.ts'

export interface Wanted {
  readonly request: SecretRequest
  /** What is known of it. */
  readonly held?: HeldSecret
  /** Whether its last request went well. */
  readonly isSteady: boolean
}

/** Renews what is to be renewed, and reads everything else. */
export function refreshSecret(
  context: StepContext,
  source: Source,
  wanted: Wanted & { readonly held: HeldSecret },
): Promise<SecretResult> {
  const { held } = wanted
  const hasEnded = held.expiresAt !== undefined && held.expiresAt <= context.now
  return held.due.kind === 'renew' && !hasEnded
    ? renewLease(context, source, held)
    : readSecret(context, source, wanted)
}

export async function readSecret(
  context: StepContext,
  source: Source,
  { request, held, isSteady }: Wanted,
): Promise<SecretResult> {
  const { config, ports } = context
  const asked = currentMoment(context)
  try {
    const answer = await source.read(request, held)
    const terms = {
      ...config.templating,
      staticIntervalMs: source.intervalMs(request),
      wallLeadMs: ports.wall() - currentMoment(context).now,
    }
    return {
      kind: 'held',
      held: holdSecret({ request, answer, isSteady }, terms, asked),
      event: 'secret_read',
    }
  } catch (thrown) {
    const error = concealPath(context, attemptError(thrown), request)
    return { kind: 'failed', request, what: 'read', error }
  }
}

/**
 * A lease that the store does not know is replaced at once, so is one that nobody could renew in time. One that may not be
 * renewed (403) lives to its end and is replaced shortly before. Source: Vault's lifetime watcher.
 */
async function renewLease(
  context: StepContext,
  source: Source,
  held: HeldSecret,
): Promise<SecretResult> {
  const { request } = held
  const asked = currentMoment(context)
  try {
    const extended = extendLease(held, await source.renew(held), asked)
    return { kind: 'held', held: { ...extended, readAt: asked.now }, event: 'lease_renewed' }
  } catch (thrown) {
    const error = attemptError(thrown)
    if (isForbidden(error)) {
      const ending = letEnd(held, currentMoment(context))
      return { kind: 'held', held: ending, event: 'lease_unrenewable' }
    }
    const isUrgent = isNearEnd(held, context.now) && error.facts['retryAfterMs'] === undefined
    if (isUrgent || isReplaced(held, error))
      return readSecret(context, source, { request, isSteady: false })
    return { kind: 'failed', request, what: 'lease renewal', error }
  }
}

/** A store that can renew nothing, or refuses to; not one that refuses the token, which is another's fault. */
function isReplaced({ answer: { auth } }: HeldSecret, error: AppError): boolean {
  if (error.code === 'store_incapable') return true
  return isRefusal(error) && (error.code !== 'token_invalid' || auth !== undefined)
}

export function isForbidden({ code, facts }: AppError): boolean {
  return code === 'store_refused' && facts['status'] === 403
}
