/** Functions from text to text, list or map. Source: consul-template's template/funcs.go. */
import { runesOf } from '../byte-string.ts'
import { toLowerCase, toTitleCase, toUpperCase } from '../letter-case.ts'
import { trimRunes, trimSpace } from '../trim.ts'
import { stringList, type Value } from '../values.ts'
import {
  binary,
  FunctionError,
  type GoFunction,
  intParameter,
  stringListParameter,
  stringParameter,
  ternary,
  unary,
} from './function.ts'

const twoTexts = [stringParameter, stringParameter] as const
const threeTexts = [stringParameter, stringParameter, stringParameter] as const

export const textFunctions: readonly GoFunction[] = [
  unary('toUpper', stringParameter, toUpperCase),
  unary('toLower', stringParameter, toLowerCase),
  unary('toTitle', stringParameter, toTitleCase),
  unary('trimSpace', stringParameter, trimSpace),
  binary('trim', twoTexts, (cutset, text) => trimRunes(text, cutset)),
  binary('trimPrefix', twoTexts, (prefix, text) =>
    text.startsWith(prefix) ? text.slice(prefix.length) : text,
  ),
  binary('trimSuffix', twoTexts, (suffix, text) =>
    suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text,
  ),
  binary('split', twoTexts, (separator, text) => stringList(splitTrimmed(separator, text))),
  binary('join', [stringParameter, stringListParameter], (separator, list) => list.join(separator)),
  ternary('replaceAll', threeTexts, replaceAll),
  ternary('splitToMap', threeTexts, splitToMap),
  binary('indent', [intParameter, stringParameter], indent),
]

/** Space around the whole is dropped, an empty text has no parts, an empty separator splits runes. */
function splitTrimmed(separator: string, text: string): readonly string[] {
  const trimmed = trimSpace(text)
  if (trimmed === '') return []
  if (separator !== '') return trimmed.split(separator)
  return Array.from(runesOf(trimmed), ({ bytes }) => bytes)
}

/** An empty `from` stands before, between and behind all runes. */
function replaceAll(from: string, to: string, text: string): string {
  if (from !== '') return text.replaceAll(from, () => to)
  return to + Array.from(runesOf(text), ({ bytes }) => bytes + to).join('')
}

/** Parts without the second separator are dropped, the last of two equal keys wins. */
function splitToMap(partSeparator: string, pairSeparator: string, text: string): Value {
  const pairs = splitTrimmed(partSeparator, text).flatMap((part) => {
    const at = part.indexOf(pairSeparator)
    return at < 0 ? [] : [[part.slice(0, at), part.slice(at + pairSeparator.length)] as const]
  })
  return { kind: 'map', type: 'map[string]string', entries: new Map(pairs) }
}

/** Spaces before every line that is not empty. */
function indent(spaces: bigint, text: string): string {
  if (spaces < 0n) throw new FunctionError('indent value must be a positive integer')
  const prefix = ' '.repeat(Number(spaces))
  return text.replace(/(^|\n)(?=[^\n])/g, (start) => start + prefix)
}
