/** sprig's shapes of text: abbreviated, wrapped, in another case. Source: Masterminds/goutils and huandu/xstrings. */
import { encodeRune, runesOf } from '../byte-string.ts'
import { randomBelow } from '../randomness.ts'
import { swapCase, toCamelCase, toLowerFirst, toSeparated, toTitleWords } from '../word-case.ts'
import {
  binary,
  type FunctionHost,
  type GoFunction,
  intParameter,
  stringParameter,
  ternary,
  unary,
} from './function.ts'

const countAndText = [intParameter, stringParameter] as const

export const sprigCaseFunctions: readonly GoFunction[] = [
  binary('sprig_abbrev', countAndText, (width, text) =>
    width < 4n ? text : abbreviate(text, 0n, width),
  ),
  ternary('sprig_abbrevboth', [intParameter, intParameter, stringParameter], (left, right, text) =>
    right < 4n || (left > 0n && right < 7n) ? text : abbreviate(text, left, right),
  ),
  unary('sprig_title', stringParameter, toTitleWords),
  unary('sprig_untitle', stringParameter, toLowerFirst),
  unary('sprig_swapcase', stringParameter, swapCase),
  unary('sprig_camelcase', stringParameter, toCamelCase),
  unary('sprig_snakecase', stringParameter, (text) => toSeparated(text, '_')),
  unary('sprig_kebabcase', stringParameter, (text) => toSeparated(text, '-')),
  unary('sprig_nospace', stringParameter, withoutSpace),
  unary('sprig_initials', stringParameter, initials),
  unary('sprig_shuffle', stringParameter, shuffle),
  binary('sprig_wrap', countAndText, (width, text) =>
    wrap(text, { width: Number(width), lineBreak: '\n', breaksWords: false }),
  ),
  ternary(
    'sprig_wrapWith',
    [intParameter, stringParameter, stringParameter],
    (width, lineBreak, text) =>
      wrap(text, { width: Number(width), lineBreak: lineBreak || '\n', breaksWords: true }),
  ),
]

const dots = '...'

/** At most `width` bytes from about `offset` on, dots for what is left out. */
function abbreviate(text: string, offset: bigint, width: bigint): string {
  const size = BigInt(text.length)
  if (size <= width) return text
  const room = width - 3n
  const capped = offset > size ? size : offset
  const start = size - capped < room ? size - room : capped
  if (start <= 4n) return text.slice(0, Number(room)) + dots
  if (width < 7n) return ''
  if (start + room < size) return dots + abbreviate(text.slice(Number(start)), 0n, room)
  return dots + text.slice(-Number(room))
}

/** Bytes taken for characters, as the library takes them: its spaces are those of Latin-1. */
const latinSpace = /[\t-\r \x85\xa0]/

function withoutSpace(text: string): string {
  if (!latinSpace.test(text)) return text
  return asRunes(Array.from(text).filter((byte) => !latinSpace.test(byte)))
}

function initials(text: string): string {
  const bytes = Array.from(text)
  const isStart = (at: number) =>
    !latinSpace.test(bytes[at] ?? '') && (at === 0 || latinSpace.test(bytes[at - 1] ?? ''))
  return asRunes(bytes.filter((_, at) => isStart(at)))
}

function asRunes(bytes: readonly string[]): string {
  return bytes.map((byte) => encodeRune(byte.charCodeAt(0))).join('')
}

function shuffle(text: string, { random }: FunctionHost): string {
  const runes = Array.from(runesOf(text), ({ rune }) => encodeRune(rune))
  if (runes.length < 2) return runes.join('')
  for (let at = runes.length - 1; at > 0; at--) {
    const other = Number(randomBelow(random(), BigInt(at + 1)))
    const kept = runes[at] ?? ''
    runes[at] = runes[other] ?? ''
    runes[other] = kept
  }
  return runes.join('')
}

interface Wrapping {
  readonly width: number
  readonly lineBreak: string
  /** Whether words that are longer than a line are broken. */
  readonly breaksWords: boolean
}

/** Widths count bytes; only spaces separate words. */
function wrap(text: string, { width: given, lineBreak, breaksWords }: Wrapping): string {
  const width = Math.max(given, 1)
  let wrapped = ''
  let at = 0
  while (text.length - at > width) {
    if (text[at] === ' ') {
      at++
      continue
    }
    const space = text.slice(at, at + width + 1).lastIndexOf(' ')
    const next = space >= 0 ? at + space : text.indexOf(' ', at + width)
    if (space < 0 && breaksWords) {
      wrapped += text.slice(at, at + width) + lineBreak
      at += width
    } else if (next < 0) {
      wrapped += text.slice(at)
      at = text.length
    } else {
      wrapped += text.slice(at, next) + lineBreak
      at = next + 1
    }
  }
  return wrapped + text.slice(at)
}
