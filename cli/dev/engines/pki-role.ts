/** Roles of the pki engine: which names they allow, which keys and for how long. */
import type { JsonObject } from '../../../core/json.ts'
import { Refusal } from '../exchange.ts'
import type { FieldTable } from '../fields.ts'
import { jsonNumber, jsonObject, numberMember, textMember, textsMember } from '../json.ts'
import { systemMaxTtl } from '../tokens.ts'
import type { Keys } from './pki-certificates.ts'

export const keyFields: FieldTable = { key_type: 'text', key_bits: 'number' }

/** Other fields of Vault's roles are ignored, none of which is needed to say which names are allowed. */
export const roleFields: FieldTable = {
  ...keyFields,
  allow_any_name: 'boolean',
  allow_bare_domains: 'boolean',
  allow_ip_sans: 'boolean',
  allow_localhost: 'boolean',
  allow_subdomains: 'boolean',
  allowed_domains: 'texts',
  max_ttl: 'seconds',
  not_before_duration: 'seconds',
  ttl: 'seconds',
}

export const roleDefaults: JsonObject = jsonObject({
  allow_ip_sans: true,
  allow_localhost: true,
  key_type: 'rsa',
  not_before_duration: jsonNumber(30),
})

export const requestFields: FieldTable = {
  alt_names: 'texts',
  common_name: 'text',
  ip_sans: 'texts',
  ttl: 'seconds',
}

const bits: Readonly<Record<Keys['type'], readonly number[]>> = {
  rsa: [2048, 3072, 4096],
  ec: [256, 384, 521],
  ed25519: [0],
}

/** Throws a 400 `Refusal` for a kind or a size that there is not. */
export function keysOf(given: JsonObject): Keys {
  const type = textMember(given, 'key_type') || 'rsa'
  if (type !== 'rsa' && type !== 'ec' && type !== 'ed25519') {
    throw new Refusal(400, `unknown key type ${type.slice(0, 40)}`)
  }
  const size = numberMember(given, 'key_bits') || (bits[type][0] ?? 0)
  if (!bits[type].includes(size)) {
    throw new Refusal(400, `invalid bit length for ${type} key: ${size}`)
  }
  return { type, bits: size }
}

/** The common name and the other names. Throws a 400 `Refusal` for one that the role does not allow. */
export function namesOf(role: JsonObject, asked: JsonObject): readonly string[] {
  const commonName = textMember(asked, 'common_name')
  if (!isAllowed(role, commonName)) {
    throw new Refusal(400, `common name ${commonName} not allowed by this role`)
  }
  const others = textsMember(asked, 'alt_names')
  const wrong = others.find((name) => !isAllowed(role, name))
  if (wrong !== undefined) {
    throw new Refusal(400, `subject alternate name ${wrong} not allowed by this role`)
  }
  const hosts = [commonName, ...others].filter((name) => /^[\w*-]+(?:\.[\w-]+)*$/.test(name))
  return Array.from(new Set(hosts)).sort()
}

function isAllowed(role: JsonObject, name: string): boolean {
  if (role.get('allow_any_name') === true) return true
  if (role.get('allow_localhost') === true && name === 'localhost') return true
  return textsMember(role, 'allowed_domains').some(
    (domain) =>
      (role.get('allow_bare_domains') === true && name === domain) ||
      (role.get('allow_subdomains') === true && name.endsWith(`.${domain}`)),
  )
}

/** Throws a 400 `Refusal` where the role allows none. */
export function addressesOf(role: JsonObject, asked: JsonObject): readonly string[] {
  const addresses = textsMember(asked, 'ip_sans')
  if (addresses.length > 0 && role.get('allow_ip_sans') !== true) {
    throw new Refusal(400, 'IP Subject Alternative Names are not allowed in this role')
  }
  return addresses
}

/** Seconds. */
export function ttlOf(role: JsonObject, asked: JsonObject): number {
  const max = numberMember(role, 'max_ttl') || systemMaxTtl
  return Math.min(numberMember(asked, 'ttl') || numberMember(role, 'ttl') || max, max)
}
