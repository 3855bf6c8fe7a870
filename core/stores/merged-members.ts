/** Keys of a secret that its store holds as one byte string: it is a JSON object then. */
import { AppError, type Facts } from '../errors.ts'
import { type JsonObject, type JsonValue, stringifyJson, tryParseJson } from '../json.ts'

/** The object with `members` in it, in the order in which they came to it; `facts` are those of the store's other errors. Errors: `input_invalid`. */
export function mergeMembers(
  current: Uint8Array | undefined,
  members: ReadonlyMap<string, Uint8Array>,
  facts: Facts,
): Uint8Array {
  const object = current === undefined ? new Map<string, JsonValue>() : parseObject(current, facts)
  const added = Array.from(members, ([key, bytes]) => [key, requireText(bytes, facts)] as const)
  return Buffer.from(stringifyJson(new Map([...object, ...added])))
}

/** Bytes that must be text. Errors: `input_invalid`. */
export function requireText(bytes: Uint8Array, facts: Facts): string {
  const text = textOf(bytes)
  if (text !== undefined) return text
  throw new AppError('input_invalid', { ...facts, reason: 'bytes that are no UTF-8 text' })
}

/** Undefined for what is no UTF-8. A mark of byte order stays. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function parseObject(bytes: Uint8Array, facts: Facts): JsonObject {
  const value = tryParseJson(textOf(bytes) ?? '')
  if (value instanceof Map) return value
  const reason = 'what is there is no JSON object, so it has no keys'
  throw new AppError('input_invalid', { ...facts, reason })
}
