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

/** The error for a status outside 2xx. Bodies stay unprinted; one fixed phrase of Vault's tells a dead token from a policy. */
export function refusal({ status, text, retryAfterMs }: RawAnswer, facts: Facts): AppError {
  const code = status === 403 && text.includes('invalid token') ? 'token_invalid' : codeOf(status)
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs }
  return new AppError(code, { ...facts, status, ...wait })
}

function codeOf(status: number): ErrorCode {
  return codes.get(status) ?? (status >= 500 ? 'store_busy' : 'store_answer_invalid')
}
