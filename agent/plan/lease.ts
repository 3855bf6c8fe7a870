/** When a secret is renewed and when it is read again. */
import { JsonNumber, type JsonValue } from '../../core/json.ts'
import type { SecretAnswer, SecretRequest } from '../../core/template/secret-request.ts'
import { type Moment, renewalPoint } from './session.ts'
import type { HeldSecret } from './state.ts'

export interface LeaseTerms {
  /** `static_secret_render_interval`, milliseconds. */
  readonly staticIntervalMs: number
  /** `lease_renewal_threshold`. */
  readonly renewalThreshold: number
}

/** A fresh answer and when it is due. */
export function holdSecret(
  read: { readonly request: SecretRequest; readonly answer: SecretAnswer },
  terms: LeaseTerms,
  moment: Moment,
): HeldSecret {
  return { ...read, readAt: moment.now, due: firstDue(read, terms, moment) }
}

/** After a renewal that granted `leaseDuration` seconds; one that granted clearly less than at first nears its maximum and is read anew. */
export function extendLease(held: HeldSecret, leaseDuration: number, moment: Moment): HeldSecret {
  const kind = leaseDuration < 0.9 * held.answer.leaseDuration ? 'read' : 'renew'
  return { ...held, due: { kind, at: renewalPoint(leaseDuration * 1000, moment) } }
}

/**
 * After a new login: Vault revokes a lease with the token that made it, so the secret is read again under the new token at
 * some moment before the old one ends (`tokenExpiresAt`, undefined if it never does).
 */
export function orphanLease(
  held: HeldSecret,
  tokenExpiresAt: number | undefined,
  { now, chance }: Moment,
): HeldSecret {
  if (held.answer.leaseId === '' || tokenExpiresAt === undefined) return held
  const at = now + Math.max(0, tokenExpiresAt - now) * (0.5 + 0.4 * chance)
  return at < held.due.at || held.due.kind === 'renew'
    ? { ...held, due: { kind: 'read', at } }
    : held
}

function firstDue(
  { request, answer }: { readonly request: SecretRequest; readonly answer: SecretAnswer },
  { staticIntervalMs, renewalThreshold }: LeaseTerms,
  moment: Moment,
): HeldSecret['due'] {
  const leaseMs = answer.leaseDuration * 1000
  if (answer.renewable && answer.leaseId !== '' && leaseMs > 0) {
    return { kind: 'renew', at: renewalPoint(leaseMs, moment) }
  }
  const rotationMs = untilRotation(answer)
  if (rotationMs !== undefined) {
    // A second after the rotation and a few more by chance, or every pod would read at that one moment.
    return { kind: 'read', at: moment.now + rotationMs + 1000 + Math.round(5000 * moment.chance) }
  }
  // What has no lease may be read again at any time; what a write made (a certificate) would be made anew.
  const lifeMs = lifeOf(answer, moment.now)
  const isMade = request.kind === 'write' || request.kind === 'pki'
  const lasting = isMade || answer.leaseId !== ''
  const periodMs = lasting && lifeMs > 0 ? lifeMs : staticIntervalMs
  const part = renewalThreshold + 0.1 * (moment.chance - 0.5)
  return { kind: 'read', at: moment.now + Math.round(periodMs * Math.min(part, 0.99)) }
}

/** Milliseconds until a static role's password rotates. Source: `rotation_period` and `ttl` of database/static-creds. */
function untilRotation({ data, leaseId }: SecretAnswer): number | undefined {
  const ttl = seconds(data?.get('ttl'))
  const rotates = leaseId === '' && data?.has('rotation_period') === true && ttl > 0
  return rotates ? ttl * 1000 : undefined
}

/** Milliseconds until it ends: a certificate's expiration, an AppRole secret id's ttl, or the lease's duration. */
function lifeOf({ data, leaseId, leaseDuration }: SecretAnswer, now: number): number {
  const expiration = seconds(data?.get('expiration'))
  if (leaseId === '' && data?.has('certificate') === true && expiration > 0) {
    return expiration * 1000 - now
  }
  const secretIdTtl = seconds(data?.get('secret_id_ttl'))
  if (leaseId === '' && secretIdTtl > 0) return secretIdTtl * 1000
  return leaseDuration * 1000
}

function seconds(value: JsonValue | undefined): number {
  return value instanceof JsonNumber ? Number(value.text) : 0
}
