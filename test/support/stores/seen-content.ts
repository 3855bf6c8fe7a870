/** What templates see of a secret, whatever store it is in. */
import { type JsonValue, parseJson, stringifyJson } from '../../../core/json.ts'
import type { ReadOutcome } from '../../../core/stores/store.ts'
import type { SecretAnswer } from '../../../core/template/secret-request.ts'

/** Key → byte string, or JSON text of what is no string; a secret without keys has the one key `value`. */
export type Seen = ReadonlyMap<string, string>

export function seenBytes(bytes: Uint8Array): Seen {
  const whole = Buffer.from(bytes).toString('latin1')
  return membersOf(whole) ?? new Map([['value', whole]])
}

function seenAnswer({ content, data }: SecretAnswer): Seen {
  switch (content?.kind) {
    case 'whole':
      return seenBytes(Buffer.from(content.bytes, 'latin1'))
    case 'keys':
      return seenMembers(content.members)
    case undefined: {
      // KV version 2 has its payload one level further down.
      const inner = data?.get('data')
      const members = inner instanceof Map ? inner : (data ?? new Map<string, JsonValue>())
      return seenMembers(toText(members))
    }
  }
}

/** Of what `kind` is not `read`: that kind, or the error's code, so that a failed assertion tells. */
export function seenOutcome(outcome: ReadOutcome | undefined): Seen | string {
  if (outcome === undefined) return 'no outcome'
  if (outcome.kind === 'failed') return outcome.error.code
  return outcome.kind === 'read' ? seenAnswer(outcome.answer) : outcome.kind
}

function seenMembers(members: ReadonlyMap<string, string>): Seen {
  const value = members.get('value')
  return members.size === 1 && value !== undefined
    ? seenBytes(Buffer.from(value, 'latin1'))
    : members
}

function membersOf(whole: string): Seen | undefined {
  try {
    const value = parseJson(Buffer.from(whole, 'latin1').toString('utf8'))
    return value instanceof Map ? toText(value) : undefined
  } catch {
    return undefined
  }
}

function toText(object: ReadonlyMap<string, JsonValue>): Seen {
  return new Map(
    Array.from(object, ([key, member]) => {
      const text = typeof member === 'string' ? member : stringifyJson(member)
      return [key, Buffer.from(text).toString('latin1')]
    }),
  )
}
