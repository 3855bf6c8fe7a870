/** Java's .properties. Source: java.util.Properties, load(Reader). */
import { decodeRune } from '../byte-string.ts'
import { FunctionError } from '../functions/function.ts'
import { quote } from '../quote.ts'
import { indirect, type Value } from '../values.ts'
import { membersOf } from './members.ts'
import { scalarText } from './scalar-text.ts'

/**
 * `key=value` lines in ASCII. Nested maps give dotted keys, lists `key[0]`, as Spring reads them; empty ones are left out.
 * Throws `FunctionError` where two keys become one.
 */
export function renderProperties(data: Value): string {
  const lines = new Map<string, string>()
  for (const [key, value] of flatten('', data)) {
    if (lines.has(key)) throw new FunctionError(`two members both become the key ${quote(key)}`)
    lines.set(key, `${escapeText(key, isKeySpecial)}=${escapeText(value, isValueSpecial)}\n`)
  }
  return [...lines.values()].join('')
}

function flatten(path: string, given: Value): readonly (readonly [string, string])[] {
  const { value } = indirect(given)
  const isContainer = typeof value === 'object' && (value.kind === 'map' || value.kind === 'slice')
  if (path !== '' && !isContainer) return [[path, scalarText(given)]]
  if (typeof value === 'object' && value.kind === 'slice') {
    return value.items.flatMap((item, index) => flatten(`${path}[${index}]`, item))
  }
  return membersOf(value).flatMap(({ key, value: member }) => {
    if (key === '') throw new FunctionError('a property has an empty name')
    return flatten(path === '' ? key : `${path}.${key}`, member)
  })
}

const named = new Map([
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\f', '\\f'],
  ['\r', '\\r'],
  ['\\', '\\\\'],
])
const isKeySpecial = (character: string) => ' =:#!'.includes(character)
/** A space counts only where the value begins. */
const isValueSpecial = (character: string, at: number) => at === 0 && character === ' '

function escapeText(text: string, isSpecial: (character: string, at: number) => boolean): string {
  let escaped = ''
  for (let at = 0; at < text.length; ) {
    const { rune, size } = decodeRune(text, at)
    const source = text.slice(at, at + size)
    escaped +=
      named.get(source) ?? (isSpecial(source, at) ? `\\${source}` : escapeRune(rune, source))
    at += size
  }
  return escaped
}

/** Readers before Java 9 take the file for Latin-1, so everything outside ASCII is written as UTF-16 units. */
function escapeRune(rune: number, source: string): string {
  if (rune >= 0x20 && rune < 0x7f) return source
  const units = Array.from({ length: rune > 0xffff ? 2 : 1 }, (_, index) =>
    String.fromCodePoint(rune).charCodeAt(index),
  )
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}
