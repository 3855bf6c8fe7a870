/** The jwt auth method. */
import type { JWTPayload } from 'jose'
import type { Clock } from '../../../core/clock.ts'
import type { JsonObject, JsonValue } from '../../../core/json.ts'
import { Refusal } from '../exchange.ts'
import type { Issuer } from '../issuer.ts'
import { objectMember, textMember, textsMember } from '../json.ts'
import type { AuthMethod, Login } from './auth-method.ts'
import { matchesGlob } from './glob.ts'
import { isPublicKey, verifyJwt } from './verify-jwt.ts'

/** The JWT must be of `issuer`, unless the configuration has `jwt_validation_pubkeys`. Source of messages and statuses: Vault's plugin. */
export function jwtMethod(issuer: Issuer, clock: Clock): AuthMethod {
  return {
    type: 'jwt',
    roleFields: {
      bound_audiences: 'texts',
      bound_claims: 'object',
      bound_claims_type: 'text',
      bound_subject: 'text',
      role_type: 'text',
      user_claim: 'text',
    },
    configFields: { bound_issuer: 'text', jwt_validation_pubkeys: 'texts' },
    checkRole,
    checkConfig: (config) => {
      if (!textsMember(config, 'jwt_validation_pubkeys').every(isPublicKey)) {
        const reason = 'data does not contain any valid public keys'
        throw new Refusal(400, `error parsing public key: ${reason}`)
      }
    },
    missingJwt: 'missing token',
    unknownRole: (name) => `role "${name}" could not be found`,
    identify: async (login) => identify(login, issuer, clock.now()),
  }
}

function checkRole(role: JsonObject): void {
  if (textMember(role, 'role_type') !== 'jwt') {
    throw new Refusal(400, "the development store has roles of 'role_type' 'jwt' only")
  }
  if (textMember(role, 'user_claim') === '') {
    throw new Refusal(400, 'a user claim must be defined on the role')
  }
  const bound =
    textsMember(role, 'bound_audiences').length > 0 ||
    textMember(role, 'bound_subject') !== '' ||
    (objectMember(role, 'bound_claims')?.size ?? 0) > 0
  if (!bound) {
    throw new Refusal(400, 'must have at least one bound constraint when creating/updating a role')
  }
}

async function identify({ jwt, role, config }: Login, issuer: Issuer, now: number) {
  const configured = textsMember(config, 'jwt_validation_pubkeys')
  const boundIssuer =
    textMember(config, 'bound_issuer') || (configured.length > 0 ? '' : issuer.name)
  const audiences = textsMember(role, 'bound_audiences')
  const subject = textMember(role, 'bound_subject')
  const verdict = await verifyJwt(jwt, {
    publicKeys: configured.length > 0 ? configured : [issuer.publicKey],
    ...(boundIssuer === '' ? {} : { issuer: boundIssuer }),
    ...(subject === '' ? {} : { subject }),
    audiences,
    now,
  })
  if (verdict.kind !== 'ok') throw new Refusal(400, `error validating token: ${verdict.reason}`)
  const { claims } = verdict
  if (audiences.length === 0 && claims.aud !== undefined) {
    throw claimRefusal('audience claim found in JWT but no audiences bound to the role')
  }
  checkClaims(role, claims)
  const claim = textMember(role, 'user_claim')
  const [user] = claimTexts(claims, claim)
  if (user === undefined) throw new Refusal(400, `claim "${claim}" not found in token`)
  return { displayName: user, metadata: new Map<string, string>() }
}

/** Each bound claim must hold one of its values. */
function checkClaims(role: JsonObject, claims: JWTPayload): void {
  const glob = textMember(role, 'bound_claims_type') === 'glob'
  for (const [name, wanted] of objectMember(role, 'bound_claims') ?? []) {
    const actual = claimTexts(claims, name)
    if (actual.length === 0) throw claimRefusal(`claim "${name}" is missing`)
    const fits = (value: string) => (pattern: JsonValue) =>
      typeof pattern === 'string' && (glob ? matchesGlob(pattern, value) : pattern === value)
    const patterns: readonly JsonValue[] = Array.isArray(wanted) ? wanted : [wanted]
    if (!actual.some((value) => patterns.some(fits(value)))) {
      throw claimRefusal(`claim "${name}" does not match any associated bound claim values`)
    }
  }
}

/** The claim's texts; a name that starts with a slash is a JSON pointer. Source: RFC 6901. */
function claimTexts(claims: JWTPayload, name: string): readonly string[] {
  const keys = name.startsWith('/') ? name.slice(1).split('/').map(unescapePointer) : [name]
  let value: unknown = claims
  for (const key of keys) {
    if (typeof value !== 'object' || value === null) return []
    value = Object.getOwnPropertyDescriptor(value, key)?.value
  }
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  return values.filter((item) => typeof item === 'string')
}

function unescapePointer(key: string): string {
  return key.replaceAll('~1', '/').replaceAll('~0', '~')
}

function claimRefusal(reason: string): Refusal {
  return new Refusal(400, `error validating claims: ${reason}`)
}
