/** When a token is renewed and when it is replaced. */
import { Secret } from '../../core/secret.ts'
import type { SecretAuth } from '../../core/template/secret-request.ts'
import { earlinessMs } from './earliness.ts'
import type { Session } from './state.ts'

export interface Moment {
  readonly now: number
  /** Uniform in [0, 1). */
  readonly chance: number
}

/** Longer lives are cut to this: no timer or date overflows, and nobody waits that long. */
const longestLifeS = 10 * 365 * 24 * 3600

export interface Opening {
  readonly identity: string
  readonly fingerprint: string | undefined
}

export function openSession(opening: Opening, auth: SecretAuth, moment: Moment): Session {
  return {
    ...opening,
    token: new Secret(auth.clientToken),
    isWrapped: false,
    openedAt: moment.now,
    checkedAt: undefined,
    ...terms(auth, moment),
  }
}

/** The login's answer was wrapped: whoever reads the sink unwraps it, and the agent has nothing to renew. */
export function openWrappedSession(opening: Opening, text: string, { now }: Moment): Session {
  return {
    ...opening,
    token: new Secret(text),
    isWrapped: true,
    renewable: false,
    openedAt: now,
    expiresAt: undefined,
    dueAt: undefined,
    checkedAt: undefined,
  }
}

/** A renewal that does not move the expiry has met the token's maximum life: the next thing due is a login. */
export function extendSession(session: Session, auth: SecretAuth, moment: Moment): Session {
  const extended = { ...session, ...terms(auth, moment) }
  const { expiresAt } = session
  const gained = (extended.expiresAt ?? Number.POSITIVE_INFINITY) - (expiresAt ?? 0)
  return gained < 1000 ? { ...extended, renewable: false } : extended
}

export type SessionAction = 'login' | 'renew' | 'none'

export interface StepTime {
  readonly now: number
  /** Whether the store is asked for something now anyway: then a renewal may come a little early. */
  readonly joins: boolean
}

export function sessionAction(
  session: Session | undefined,
  identity: string,
  { now, joins }: StepTime,
): SessionAction {
  if (session === undefined || session.identity !== identity) return 'login'
  if (session.expiresAt !== undefined && session.expiresAt <= now) return 'login'
  const { dueAt, renewable } = session
  if (dueAt === undefined) return 'none'
  if (dueAt > now) return joins && renewable && joinableAt(session) <= now ? 'renew' : 'none'
  return renewable && now < lastRenewalAt(session) ? 'renew' : 'login'
}

/** Nothing remembers when the period began, but it was longer than what is left after it. */
function joinableAt({ dueAt = 0, expiresAt = dueAt }: Pick<Session, 'dueAt' | 'expiresAt'>) {
  return dueAt - earlinessMs(expiresAt - dueAt)
}

/** A token that nobody could renew until then is replaced while it still lives; infinity for one that never ends. */
export function lastRenewalAt({ dueAt, expiresAt }: Session): number {
  if (dueAt === undefined || expiresAt === undefined) return Number.POSITIVE_INFINITY
  return dueAt + 0.6 * (expiresAt - dueAt)
}

/** 60–75 % of the life that is left, so that pods started together drift apart and a failing store has time to recover. */
export function renewalPoint(lifeMs: number, { now, chance }: Moment): number {
  return now + Math.round(lifeMs * (0.6 + 0.15 * chance))
}

/** Milliseconds of what a store calls a duration in seconds: a negative or nonsensical one is none. */
export function lifeMsOf(seconds: number): number {
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, longestLifeS) * 1000 : 0
}

type Terms = Pick<Session, 'renewable' | 'expiresAt' | 'dueAt'>

function terms(auth: SecretAuth, moment: Moment): Terms {
  const lifeMs = lifeMsOf(auth.leaseDuration)
  if (lifeMs === 0) return { renewable: false, expiresAt: undefined, dueAt: undefined }
  return {
    renewable: auth.renewable,
    expiresAt: moment.now + lifeMs,
    dueAt: renewalPoint(lifeMs, moment),
  }
}
