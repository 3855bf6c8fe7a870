/** Tokens in the two shapes in which Vault's answers describe them. */
import type { JsonObject, JsonValue } from '../../core/json.ts'
import { jsonNumber, jsonObject } from './json.ts'
import { remainingTtl, type Token } from './tokens.ts'

/** The `auth` of an envelope; `leaseDuration` in seconds. */
export function describeAuth(token: Token, leaseDuration: number): JsonObject {
  return jsonObject({
    client_token: token.id,
    accessor: token.accessor,
    policies: token.policies,
    token_policies: token.policies,
    metadata: metadataOf(token),
    lease_duration: jsonNumber(leaseDuration),
    renewable: token.renewable,
    entity_id: '',
    token_type: token.batch ? 'batch' : 'service',
    orphan: token.parent === undefined,
    mfa_requirement: null,
    num_uses: jsonNumber(0),
  })
}

/** The `data` of a lookup at `now`, in milliseconds since the epoch. */
export function describeToken(token: Token, now: number): JsonObject {
  const { term } = token
  return jsonObject({
    accessor: token.accessor,
    creation_time: jsonNumber(Math.floor(token.createdAt / 1000)),
    creation_ttl: jsonNumber(term?.ttl ?? 0),
    display_name: token.displayName,
    entity_id: '',
    expire_time: term === undefined ? null : new Date(term.expiresAt).toISOString(),
    explicit_max_ttl: jsonNumber(token.explicitMaxTtl),
    id: token.id,
    issue_time: new Date(token.createdAt).toISOString(),
    meta: metadataOf(token),
    num_uses: jsonNumber(0),
    orphan: token.parent === undefined,
    path: token.path,
    ...(token.period > 0 ? { period: jsonNumber(token.period) } : {}),
    policies: token.policies,
    renewable: token.renewable,
    ttl: jsonNumber(remainingTtl(token, now)),
    type: token.batch ? 'batch' : 'service',
  })
}

function metadataOf({ metadata }: Token): JsonValue {
  return metadata.size === 0 ? null : metadata
}
