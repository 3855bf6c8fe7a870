/** What Vault says of an answer that it wrapped. */
import { JsonNumber, type JsonObject, type JsonValue, stringifyJson } from '../json.ts'

/** Name → value where the answer has none, in the order in which Vault Agent writes them. */
const members: readonly (readonly [string, JsonValue])[] = [
  ['token', ''],
  ['accessor', ''],
  ['ttl', new JsonNumber('0')],
  ['creation_time', ''],
  ['creation_path', ''],
  ['wrapped_accessor', ''],
]

/** The wrapping information of an answer as the JSON text that Vault Agent writes into a sink, newline included; undefined without a token. */
export function formatWrapInfo(answer: JsonObject): string | undefined {
  const info = answer.get('wrap_info')
  if (!(info instanceof Map) || typeof info.get('token') !== 'string') return undefined
  const text = new Map(members.map(([name, absent]) => [name, info.get(name) ?? absent]))
  return `${stringifyJson(text)}\n`
}
