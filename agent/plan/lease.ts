/** When a secret is renewed and when it is read again. */
import { JsonNumber, type JsonValue } from '../../core/json.ts'
import type { SecretAnswer, SecretRequest } from '../../core/template/secret-request.ts'
import { earlinessMs } from './earliness.ts'
import { lifeMsOf, type Moment, renewalPoint } from './session.ts'
import type { HeldSecret } from './state.ts'

export interface LeaseTerms {
  /** How often what has no lease is read, milliseconds: `static_secret_render_interval`, or `refresh` of the store. */
  readonly staticIntervalMs: number
  /** `lease_renewal_threshold`. */
  readonly renewalThreshold: number
  /** How far the wall clock is ahead of the timeline, milliseconds: certificates end by the wall clock. */
  readonly wallLeadMs: number
}

const shortLeaseMs = 30_000

interface Read {
  readonly request: SecretRequest
  readonly answer: SecretAnswer
  /** Whether it is one of a series that goes well. If not, many agents may be reading now: those that started, or found the store again, together. */
  readonly isSteady: boolean
}

/** Intervals that are shorter spread many agents well enough. */
const longIntervalMs = 60_000

/** A fresh answer and when it is due. */
export function holdSecret(read: Read, terms: LeaseTerms, moment: Moment): HeldSecret {
  const { request, answer } = read
  const lifeMs = lifeOf(answer, moment.now + terms.wallLeadMs)
  const hasEnd = answer.expiresAt !== undefined || (lifeMs > 0 && isLasting(read))
  return {
    request,
    answer,
    readAt: moment.now,
    expiresAt: hasEnd ? moment.now + lifeMs : undefined,
    due: firstDue(read, terms, moment),
    replaceAt: undefined,
  }
}

/** Whether its life can be extended: it has a renewable lease, or it is a renewable login of its own. */
function isRenewable({ leaseId, renewable, auth }: SecretAnswer): boolean {
  return (renewable && leaseId !== '') || auth?.renewable === true
}

/** After a renewal that granted `leaseDuration` seconds; one that granted clearly less than at first nears its maximum and is read anew before its end. */
export function extendLease(held: HeldSecret, leaseDuration: number, moment: Moment): HeldSecret {
  const firstMs = leaseMsOf(held.answer)
  const lifeMs = lifeMsOf(leaseDuration)
  const expiresAt = moment.now + lifeMs
  const due =
    lifeMs < 0.9 * firstMs
      ? ({ kind: 'read', at: replacementPoint(firstMs, lifeMs, moment) } as const)
      : ({ kind: 'renew', at: leaseRenewalPoint(lifeMs, moment) } as const)
  return replaceInTime({ ...held, expiresAt, due })
}

/**
 * After a new login: Vault revokes a lease with the token that made it, so the secret is read again under the new token at
 * some moment before the old one ends (`tokenExpiresAt`, undefined if it never does), and renewed until then.
 */
export function orphanLease(
  held: HeldSecret,
  tokenExpiresAt: number | undefined,
  moment: Moment,
): HeldSecret {
  if (leaseMsOf(held.answer) === 0 || tokenExpiresAt === undefined) return held
  if (held.answer.leaseId === '' && held.answer.auth === undefined) return held
  const leftMs = Math.max(0, tokenExpiresAt - moment.now)
  const replaceAt = replacementPoint(leaseMsOf(held.answer), leftMs, moment)
  return replaceInTime({ ...held, replaceAt: Math.min(replaceAt, held.replaceAt ?? replaceAt) })
}

/** A lease that may not be renewed: it is read again shortly before its end. */
export function letEnd(held: HeldSecret, moment: Moment): HeldSecret {
  const leftMs = Math.max(0, (held.expiresAt ?? moment.now) - moment.now)
  const at = replacementPoint(leaseMsOf(held.answer), leftMs, moment)
  return replaceInTime({ ...held, due: { kind: 'read', at } })
}

/** What lacks something is read within the minute; what has a lease would be made anew by that. */
export function hastenRead(held: HeldSecret): HeldSecret {
  const { request, answer, readAt, due } = held
  if (due.kind === 'renew' || isLasting({ request, answer })) return held
  return { ...held, due: { kind: 'read', at: Math.min(due.at, readAt + hastenedMs) } }
}

const hastenedMs = 60_000

/**
 * What must not go without a good answer for `maxMs`, and is due too late for that, is asked for, or renewed, after half of it; what would
 * be made anew by it is not.
 */
export function confirmWithin(held: HeldSecret, maxMs: number): HeldSecret {
  const { request, answer, readAt, due } = held
  const isMade = due.kind === 'read' && isLasting({ request, answer })
  if (isMade || due.at <= readAt + latestPart * maxMs) return held
  return { ...held, due: { ...due, at: readAt + Math.round(maxMs / 2) } }
}

/** What is due later leaves no time to repeat what fails. */
const latestPart = 0.9

/** A lease whose renewal failed and that ends soon is replaced, as long as it lives. */
export function isNearEnd(held: HeldSecret, now: number): boolean {
  return nearEndAt(held) <= now
}

/** `retryAt` of what failed, or earlier: when the lease nears its end it has to be replaced. */
export function retryInTime(held: HeldSecret, retryAt: number, now: number): number {
  const at = nearEndAt(held)
  return at > now ? Math.min(at, retryAt) : retryAt
}

/** From when on it may be refreshed along with something else. What replaces a lease keeps its own moment, and so does what rotates. */
export function joinableAt({ answer, readAt, due, expiresAt }: HeldSecret): number {
  const isLent = expiresAt !== undefined && answer.expiresAt === undefined
  const isReplaced = due.kind === 'read' && isLent
  if (isReplaced || untilRotation(answer) !== undefined) return due.at
  return due.at - earlinessMs(due.at - readAt)
}

/** Of its lease, or of the token that made it. */
function nearEndAt({ answer, expiresAt, replaceAt }: HeldSecret): number {
  const never = Number.POSITIVE_INFINITY
  return Math.min((expiresAt ?? never) - overlapMs(leaseMsOf(answer)), replaceAt ?? never)
}

/** A short lease leaves little time to repeat what failed: it is renewed about half-way. */
function leaseRenewalPoint(lifeMs: number, moment: Moment): number {
  const { now, chance } = moment
  if (lifeMs >= shortLeaseMs) return renewalPoint(lifeMs, moment)
  return now + Math.round(lifeMs * (0.42 + 0.1 * chance))
}

function replaceInTime(held: HeldSecret): HeldSecret {
  const { replaceAt, due } = held
  if (replaceAt === undefined || due.at < replaceAt) return held
  return { ...held, due: { kind: 'read', at: replaceAt } }
}

/** Two leases of one secret live together for no longer than this, half of it at least: 30 s, or 10 % of a long one. */
function overlapMs(leaseMs: number): number {
  return Math.min(Math.max(30_000, 0.1 * leaseMs), 0.5 * leaseMs)
}

/** When a lease that has `leftMs` to live is replaced. */
function replacementPoint(leaseMs: number, leftMs: number, { now, chance }: Moment): number {
  const overlap = Math.min(overlapMs(leaseMs), 0.5 * leftMs) * (0.5 + 0.5 * chance)
  return now + Math.round(leftMs - overlap)
}

function firstDue(read: Read, terms: LeaseTerms, moment: Moment): HeldSecret['due'] {
  const { answer } = read
  const leaseMs = leaseMsOf(answer)
  if (isRenewable(answer) && leaseMs > 0)
    return { kind: 'renew', at: leaseRenewalPoint(leaseMs, moment) }
  const lifeMs = lifeOf(answer, moment.now + terms.wallLeadMs)
  const rotationMs = untilRotation(answer) ?? untilEnd(answer, lifeMs)
  if (rotationMs !== undefined) {
    // A second after the rotation and a little more by chance, or every pod would read at that one moment.
    const spreadMs = Math.min(5000, 0.5 * rotationMs) * moment.chance
    return { kind: 'read', at: moment.now + rotationMs + 1000 + Math.round(spreadMs) }
  }
  const isBounded = lifeMs > 0 && (isLasting(read) || lifeMs < terms.staticIntervalMs)
  const periodMs = isBounded ? lifeMs : terms.staticIntervalMs
  const most = Math.min(terms.renewalThreshold + 0.05, 0.99)
  const isSpread = !read.isSteady && !isLasting(read) && periodMs >= longIntervalMs
  const least = isSpread ? Math.min(0.2, most) : most - 0.1
  const part = least + (most - least) * moment.chance
  return { kind: 'read', at: moment.now + Math.round(periodMs * part) }
}

/** What has no lease may be read again at any time; what a write made (a certificate) would be made anew. */
function isLasting({ request, answer }: Pick<Read, 'request' | 'answer'>): boolean {
  const isMade = request.kind === 'write' || request.kind === 'pki'
  return isMade || answer.leaseId !== '' || answer.auth !== undefined
}

/** Milliseconds until a static role's password rotates. Source: `rotation_period` or `rotation_schedule`, and `ttl`, of database/static-creds. */
function untilRotation({ data, leaseId }: SecretAnswer): number | undefined {
  if (leaseId !== '' || data === null) return undefined
  const rotates = data.has('rotation_period') || data.has('rotation_schedule')
  return rotates && data.has('ttl') ? lifeMsOf(seconds(data.get('ttl'))) : undefined
}

/** What is read so shortly before its end is read next when it has ended: else reads would come ever faster. */
const lastMomentsMs = 5000

function untilEnd({ expiresAt }: SecretAnswer, lifeMs: number): number | undefined {
  return expiresAt !== undefined && lifeMs > 0 && lifeMs <= lastMomentsMs ? lifeMs : undefined
}

/** Milliseconds until it ends by the wall clock `now`: the end that its store says, a certificate's expiration, an AppRole secret id's ttl, or the lease's duration. */
function lifeOf(answer: SecretAnswer, now: number): number {
  const { data, leaseId, expiresAt } = answer
  if (expiresAt !== undefined) return Math.max(0, expiresAt - now)
  const expiration = seconds(data?.get('expiration'))
  if (leaseId === '' && data?.has('certificate') === true && expiration > 0) {
    return Math.max(0, expiration * 1000 - now)
  }
  const secretIdTtl = lifeMsOf(seconds(data?.get('secret_id_ttl')))
  return leaseId === '' && secretIdTtl > 0 ? secretIdTtl : leaseMsOf(answer)
}

function leaseMsOf({ leaseDuration, auth }: SecretAnswer): number {
  return lifeMsOf(auth === undefined ? leaseDuration : auth.leaseDuration)
}

function seconds(value: JsonValue | undefined): number {
  const text = value instanceof JsonNumber ? value.text : value
  const number = typeof text === 'string' && text !== '' ? Number(text) : 0
  return Number.isFinite(number) ? number : 0
}
