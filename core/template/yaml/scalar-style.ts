/** Which of YAML's ways to write a string a text needs. Source: yaml.v2's encoder and libyaml's emitter. */
import { runesOf } from '../byte-string.ts'
import { resolveScalar } from './resolve.ts'

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal'

const baseSixty = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/

/** The style for a string; keys that stand on one line with their value take no literal block. */
export function styleOf(text: string, isSimpleKey: boolean): ScalarStyle {
  const facts = analyse(text)
  if (text.includes('\n')) {
    return isSimpleKey || !facts.blockAllowed ? 'double' : 'literal'
  }
  if (isSimpleKey && facts.hasBreak) return 'double'
  if (resolveScalar(text).tag !== 'str' || baseSixty.test(text)) return 'double'
  return quotedStyle(facts)
}

/** The style for what needs no quotes to be told from other types: a number, a tagged text. */
export function plainStyleOf(text: string): ScalarStyle {
  return quotedStyle(analyse(text))
}

function quotedStyle({ plainAllowed, singleAllowed }: Facts): ScalarStyle {
  if (plainAllowed) return 'plain'
  return singleAllowed ? 'single' : 'double'
}

interface Facts {
  readonly hasBreak: boolean
  readonly plainAllowed: boolean
  readonly singleAllowed: boolean
  readonly blockAllowed: boolean
}

/** First characters and sequences that YAML reads as something else. */
const indicator =
  /^(?:---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[?:-](?:[ \t]|$))|:(?:[ \t]|$)|[\0 \t\r\n]#|(?:\xc2\x85|\xe2\x80[\xa8\xa9])#/

const breakRunes = new Set([0x0a, 0x0d, 0x85, 0x2028, 0x2029])

export function isBreak(rune: number): boolean {
  return breakRunes.has(rune)
}

/** Tabs, control characters and all beyond U+FFFF are not printable here. */
export function isYamlPrintable(rune: number): boolean {
  if (rune < 0xa0) return rune === 0x0a || (rune >= 0x20 && rune <= 0x7e)
  return rune <= 0xfffd && rune !== 0xfeff
}

/** Whether a text has a line break of any kind, which a simple key must not have. */
export function hasLineBreak(text: string): boolean {
  return /[\n\r]|\xc2\x85|\xe2\x80[\xa8\xa9]/.test(text)
}

function analyse(text: string): Facts {
  const runes = Array.from(runesOf(text), ({ rune }) => rune)
  const isSpecial = runes.some((rune) => !isYamlPrintable(rune))
  const hasBreak = runes.some(isBreak)
  const meets = (first: (rune: number) => boolean, second: (rune: number) => boolean) =>
    runes.some((rune, at) => at > 0 && first(runes[at - 1] ?? 0) && second(rune))
  const isSpace = (rune: number) => rune === 0x20
  const spaceBreak = meets(isSpace, isBreak)
  const breakSpace = meets(isBreak, isSpace)
  const atEdge = text.startsWith(' ') || text.endsWith(' ')
  const cannotFold = isSpecial || spaceBreak
  return {
    hasBreak,
    plainAllowed: !(cannotFold || atEdge || hasBreak || indicator.test(text)),
    singleAllowed: !(cannotFold || breakSpace),
    blockAllowed: !(cannotFold || text.endsWith(' ')),
  }
}
