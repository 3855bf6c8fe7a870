/** When a token is renewed and when it is replaced. */
import { Secret } from '../../core/secret.ts'
import type { SecretAuth } from '../../core/template/secret-request.ts'
import type { Session } from './state.ts'

export interface Moment {
  readonly now: number
  /** Uniform in [0, 1). */
  readonly chance: number
}

export function openSession(identity: string, auth: SecretAuth, moment: Moment): Session {
  return { identity, token: new Secret(auth.clientToken), ...terms(auth, moment) }
}

/** A renewal that does not move the expiry has met the token's maximum life: the next thing due is a login. */
export function extendSession(session: Session, auth: SecretAuth, moment: Moment): Session {
  const extended = { ...session, ...terms(auth, moment) }
  const { expiresAt } = session
  const gained = (extended.expiresAt ?? Number.POSITIVE_INFINITY) - (expiresAt ?? 0)
  return gained < 1000 ? { ...extended, renewable: false } : extended
}

export type SessionAction = 'login' | 'renew' | 'none'

export function sessionAction(
  session: Session | undefined,
  identity: string,
  now: number,
): SessionAction {
  if (session === undefined || session.identity !== identity) return 'login'
  if (session.expiresAt !== undefined && session.expiresAt <= now) return 'login'
  if (session.dueAt === undefined || session.dueAt > now) return 'none'
  return session.renewable ? 'renew' : 'login'
}

/** 60–75 % of the life that is left, so that pods started together drift apart and a failing store has time to recover. */
export function renewalPoint(lifeMs: number, { now, chance }: Moment): number {
  return now + Math.round(lifeMs * (0.6 + 0.15 * chance))
}

function terms(auth: SecretAuth, moment: Moment): Omit<Session, 'identity' | 'token'> {
  if (auth.leaseDuration <= 0) return { renewable: false, expiresAt: undefined, dueAt: undefined }
  const lifeMs = auth.leaseDuration * 1000
  return {
    renewable: auth.renewable,
    expiresAt: moment.now + lifeMs,
    dueAt: renewalPoint(lifeMs, moment),
  }
}
