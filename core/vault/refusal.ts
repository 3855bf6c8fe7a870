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
 * The error for a status outside 2xx. Bodies stay unprinted; fixed phrases of Vault's tell a dead token from a policy, and a path that KV v2 has
 * not from a secret it has not. A 404 with a body that is no object is somebody's page, and says nothing of the secret.
 */
export function refusal({ status, text, retryAfterMs }: RawAnswer, facts: Facts): AppError {
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs }
  const versioned = status === 404 && text.includes('versioned K/V secrets engine')
  return new AppError(codeOf(status, text), {
    ...facts,
    status,
    ...wait,
    ...(versioned ? { versioned } : {}),
  })
}

function codeOf(status: number, text: string): ErrorCode {
  if (status === 403 && text.includes('invalid token')) return 'token_invalid'
  if (status === 404 && !/^\s*(?:\{|$)/.test(text)) return 'store_answer_invalid'
  return codes.get(status) ?? (status >= 500 ? 'store_busy' : 'store_answer_invalid')
}
