/** sprig's functions over texts; `trunc` and `substr` count bytes. Source: sprig's strings.go. */
import { createHash } from 'node:crypto'
import { runesOf } from '../byte-string.ts'
import { toLowerCase, toUpperCase } from '../letter-case.ts'
import { sprint } from '../printer.ts'
import { quote } from '../quote.ts'
import { trimRunes, trimSpace } from '../trim.ts'
import { stringList, unbox, type Value } from '../values.ts'
import {
  anyParameter,
  binary,
  FunctionError,
  type GoFunction,
  intParameter,
  stringParameter,
  ternary,
  unary,
  variadic,
} from './function.ts'

const twoTexts = [stringParameter, stringParameter] as const
const countAndText = [intParameter, stringParameter] as const
const textAndValue = [stringParameter, anyParameter] as const

export const sprigStringFunctions: readonly GoFunction[] = [
  unary('sprig_trim', stringParameter, trimSpace),
  unary('sprig_upper', stringParameter, toUpperCase),
  unary('sprig_lower', stringParameter, toLowerCase),
  binary('sprig_trimAll', twoTexts, (cutset, text) => trimRunes(text, cutset)),
  binary('sprig_trimall', twoTexts, (cutset, text) => trimRunes(text, cutset)),
  binary('sprig_trimPrefix', twoTexts, (prefix, text) =>
    text.startsWith(prefix) ? text.slice(prefix.length) : text,
  ),
  binary('sprig_trimSuffix', twoTexts, (suffix, text) =>
    suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text,
  ),
  binary('sprig_contains', twoTexts, (part, text) => text.includes(part)),
  binary('sprig_hasPrefix', twoTexts, (prefix, text) => text.startsWith(prefix)),
  binary('sprig_hasSuffix', twoTexts, (suffix, text) => text.endsWith(suffix)),
  ternary('sprig_replace', [stringParameter, stringParameter, stringParameter], replace),
  ternary('sprig_plural', [stringParameter, stringParameter, intParameter], (one, many, count) =>
    count === 1n ? one : many,
  ),
  binary('sprig_trunc', countAndText, (count, text) =>
    count < 0n ? text.slice(Number(count)) : text.slice(0, Number(count)),
  ),
  ternary('sprig_substr', [intParameter, intParameter, stringParameter], substring),
  binary('sprig_repeat', countAndText, repeat),
  binary('sprig_indent', countAndText, indent),
  binary('sprig_nindent', countAndText, (spaces, text) => `\n${indent(spaces, text)}`),
  variadic('sprig_quote', anyParameter, (values) =>
    withoutNil(values, (value) => quote(sprint([value]))),
  ),
  variadic('sprig_squote', anyParameter, (values) =>
    withoutNil(values, (value) => `'${sprint([value])}'`),
  ),
  variadic('sprig_cat', anyParameter, (values) => withoutNil(values, (value) => sprint([value]))),
  unary('sprig_toString', anyParameter, (value) => sprint([value])),
  unary('sprig_toStrings', anyParameter, (value) => stringList(textsOf(value))),
  binary('sprig_join', textAndValue, (separator, list) => textsOf(list).join(separator)),
  unary('sprig_sortAlpha', anyParameter, sortAlpha),
  binary('sprig_split', twoTexts, (separator, text) => numbered(split(separator, text))),
  ternary(
    'sprig_splitn',
    [stringParameter, intParameter, stringParameter],
    (separator, count, text) => numbered(splitCount(separator, Number(count), text)),
  ),
  { name: 'sprig_hello', parameters: [], run: () => 'Hello!' },
  binary('sprig_splitList', twoTexts, (separator, text) => stringList(split(separator, text))),
  ...(['sha1', 'sha256', 'sha512'] as const).map((algorithm) =>
    unary(`sprig_${algorithm}sum`, stringParameter, (text) =>
      createHash(algorithm).update(text, 'latin1').digest('hex'),
    ),
  ),
]

/** An empty `from` stands before, between and behind all runes. */
function replace(from: string, to: string, text: string): string {
  if (from !== '') return text.replaceAll(from, () => to)
  return (
    to +
    split('', text)
      .map((rune) => rune + to)
      .join('')
  )
}

function split(separator: string, text: string): readonly string[] {
  return separator === '' ? Array.from(runesOf(text), ({ bytes }) => bytes) : text.split(separator)
}

/** At most `count` parts, the last with the rest; all for a negative count. Source: Go's strings.SplitN. */
function splitCount(separator: string, count: number, text: string): readonly string[] {
  const parts = split(separator, text)
  if (count < 0 || parts.length <= count) return parts
  if (count === 0) return []
  return [...parts.slice(0, count - 1), parts.slice(count - 1).join(separator)]
}

/** `_0`, `_1`, … */
function numbered(texts: readonly string[]): Value {
  const entries = new Map(texts.map((text, at) => [`_${at}`, text]))
  return { kind: 'map', type: 'map[string]string', entries }
}

function substring(start: bigint, end: bigint, text: string): string {
  const size = BigInt(text.length)
  const from = start < 0n ? 0n : start
  const to = start >= 0n && (end < 0n || end > size) ? size : end
  if (to < 0n || to > size) {
    throw new FunctionError(
      `runtime error: slice bounds out of range [:${to}]${to < 0n ? '' : ` with length ${size}`}`,
    )
  }
  if (from > to) {
    throw new FunctionError(`runtime error: slice bounds out of range [${from}:${to}]`)
  }
  return text.slice(Number(from), Number(to))
}

const longestResult = 16 * 1024 * 1024

function repeat(count: bigint, text: string): string {
  if (count < 0n) throw new FunctionError('strings: negative Repeat count')
  if (count * BigInt(text.length) > BigInt(longestResult)) {
    throw new FunctionError('strings: Repeat output length overflow')
  }
  return text.repeat(Number(count))
}

/** Empty lines too. */
function indent(spaces: bigint, text: string): string {
  const space = repeat(spaces, ' ')
  return space + text.replaceAll('\n', `\n${space}`)
}

function withoutNil(values: readonly Value[], write: (value: Value) => string): string {
  return values
    .filter((value) => value !== undefined)
    .map(write)
    .join(' ')
}

/** A list's elements as texts, nil left out; anything else as a list of itself. */
function textsOf(value: Value): readonly string[] {
  if (value === undefined) return []
  if (typeof value !== 'object' || value.kind !== 'slice') return [sprint([value])]
  return value.items
    .map(unbox)
    .filter((item) => item !== undefined)
    .map((item) => sprint([item]))
}

function sortAlpha(value: Value): Value {
  const isList = typeof value === 'object' && value.kind === 'slice'
  // Byte strings have one character per byte, which is the order of Go.
  return stringList(isList ? textsOf(value).toSorted() : [sprint([value])])
}
