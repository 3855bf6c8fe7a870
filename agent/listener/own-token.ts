/** Keeps the agent's own token from callers who use it without knowing it. */

import type { RawExchange } from '../../core/http/exchange.ts'
import { type JsonValue, parseJson, stringifyJson } from '../../core/json.ts'
import { plainPath } from './caller-request.ts'

const aboutItself = /\/auth\/token\/(?:lookup|renew)(?:-self)?$/

/** Whether an answer may tell the token that asks; such a one must not come wrapped, where nobody could look into it. */
export function tellsToken(path: string): boolean {
  return aboutItself.test(plainPath(path))
}

/** The members beside a token that lead to it or name it. */
const siblings = ['id', 'client_token', 'accessor']

/** `answer` without the token and its accessor, wherever they stand. Source: Vault Agent, which leaves them out of lookup-self and renew-self. */
export function hideToken(answer: RawExchange, token: string): RawExchange {
  if (!answer.body.includes(token)) return answer
  try {
    const hidden = hide(parseJson(answer.body.toString('utf8')), token)
    return { ...answer, body: Buffer.from(stringifyJson(hidden)) }
  } catch {
    // It is no JSON; what holds the token is not passed on as it is.
    return { ...answer, body: Buffer.from(answer.body.toString('utf8').replaceAll(token, '')) }
  }
}

function hide(value: JsonValue, token: string): JsonValue {
  if (Array.isArray(value)) return value.map((item: JsonValue) => hide(item, token))
  if (!(value instanceof Map)) return value
  const members: readonly (readonly [string, JsonValue])[] = [...value]
  const named = members.some(([, member]) => member === token)
  const kept = members
    .filter(([name, member]) => member !== token && !(named && siblings.includes(name)))
    .map(([name, member]) => [name, hide(member, token)] as const)
  return new Map(kept)
}
