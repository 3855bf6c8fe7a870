/** What a failing answer of Vault means: status → code, from https://developer.hashicorp.com/vault/api-docs#http-status-codes. */
import { AppError, type ErrorCode, type Facts } from '../errors.ts'
import type { RawAnswer } from './transport.ts'

const codes = new Map<number, ErrorCode>([
  [400, 'store_refused'],
  [403, 'store_refused'],
  [404, 'secret_missing'],
  [405, 'store_refused'],
  [412, 'store_busy'],
  [429, 'store_busy'],
  [472, 'store_busy'],
  [473, 'store_busy'],
])

/**
 * The error for a status outside 2xx. Bodies stay unprinted; only two fixed phrases of Vault's are looked for, because
 * they alone tell a dead token from a policy, and a KV v2 path without `data/` from a missing secret.
 */
export function refusal({ status, text, retryAfterMs }: RawAnswer, facts: Facts): AppError {
  const code = status === 403 && text.includes('invalid token') ? 'token_invalid' : codeOf(status)
  const versioned = text.includes('versioned K/V secrets engine')
  return new AppError(code, {
    ...facts,
    status,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(versioned ? { reason: versionedPath } : {}),
  })
}

/** The `reason` of a `secret_missing` whose path lies on a KV v2 mount but lacks `data/`. */
export const versionedPath = 'a KV v2 mount is read below data/'

function codeOf(status: number): ErrorCode {
  return codes.get(status) ?? (status >= 500 ? 'store_busy' : 'store_answer_invalid')
}
