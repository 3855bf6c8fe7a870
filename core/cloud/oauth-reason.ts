/** Why a token was not given, in the fixed words of OAuth and of the clouds: descriptions may quote what was sent. */
import { JsonNumber, tryParseObject } from '../json.ts'

/** `invalid_grant`, `PERMISSION_DENIED`, `invalid_client AADSTS700213`; undefined where the answer has no such word. */
export function oauthReason(body: string): string | undefined {
  const answer = tryParseObject(body)
  const error = answer.get('error')
  const word = wordOf(error instanceof Map ? error.get('status') : error)
  const codes = answer.get('error_codes')
  const code: unknown = Array.isArray(codes) ? codes[0] : undefined
  if (word === undefined || !(code instanceof JsonNumber)) return word
  return /^\d{1,10}$/.test(code.text) ? `${word} AADSTS${code.text}` : word
}

function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z_]{1,40}$/.test(value) ? value : undefined
}
