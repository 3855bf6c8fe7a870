/** Verifying the JWT of a login: signature, issuer, audience, subject and times. */
import { createPublicKey, type KeyObject } from 'node:crypto'
import { errors, type JWTPayload, jwtVerify } from 'jose'

export interface Expectation {
  /** PEM; one of them must have signed. */
  readonly publicKeys: readonly string[]
  readonly issuer?: string
  /** Any one of them suffices. */
  readonly audiences?: readonly string[]
  readonly subject?: string
  /** Milliseconds since the epoch. */
  readonly now: number
}

export type Verdict =
  | { readonly kind: 'ok'; readonly claims: JWTPayload }
  /** The signature is none of the keys', or the text is no JWT. */
  | { readonly kind: 'forged'; readonly reason: string }
  /** Rightly signed, but a claim is wrong. */
  | { readonly kind: 'refused'; readonly reason: string }

const algorithms = 'RS256 RS384 RS512 ES256 ES384 ES512 PS256 PS384 PS512 EdDSA'.split(' ')

/** Vault allows as much in its clock against the issuer's. */
const leewaySeconds = 60

/** Reasons are worded as Vault's. A JWT without `exp` is refused. */
export async function verifyJwt(jwt: string, expectation: Expectation): Promise<Verdict> {
  for (const pem of expectation.publicKeys) {
    const verdict = await verifyWith(createPublicKey(pem), jwt, expectation)
    if (verdict.kind !== 'forged') return verdict
  }
  return {
    kind: 'forged',
    reason:
      'error verifying token signature: no known key successfully validated the token signature',
  }
}

/** Whether `pem` can be one of the `publicKeys`. */
export function isPublicKey(pem: string): boolean {
  try {
    return createPublicKey(pem).type === 'public'
  } catch {
    return false
  }
}

async function verifyWith(
  key: KeyObject,
  jwt: string,
  { issuer, audiences = [], subject, now }: Expectation,
): Promise<Verdict> {
  try {
    const { payload } = await jwtVerify(jwt, key, {
      algorithms,
      clockTolerance: leewaySeconds,
      currentDate: new Date(now),
      requiredClaims: ['exp'],
      ...(issuer === undefined ? {} : { issuer }),
      ...(audiences.length === 0 ? {} : { audience: [...audiences] }),
      ...(subject === undefined ? {} : { subject }),
    })
    return { kind: 'ok', claims: payload }
  } catch (thrown) {
    if (thrown instanceof errors.JWTExpired || thrown instanceof errors.JWTClaimValidationFailed) {
      return { kind: 'refused', reason: claimReasons.get(thrown.claim) ?? 'invalid claim' }
    }
    // jose throws a TypeError where the key's type cannot have made such a signature.
    if (thrown instanceof errors.JOSEError || thrown instanceof TypeError) {
      return { kind: 'forged', reason: '' }
    }
    throw thrown
  }
}

const claimReasons = new Map([
  ['exp', 'invalid expiration time (exp) claim: token is expired'],
  ['nbf', 'invalid not before (nbf) claim: token not yet valid'],
  ['iss', 'invalid issuer (iss) claim'],
  ['sub', 'invalid subject (sub) claim'],
  ['aud', 'invalid audience (aud) claim: audience claim does not match any expected audience'],
])
