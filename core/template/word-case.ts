/** The case of words: title, camel, snake and kebab case. Source: Go's strings.Title, huandu/xstrings, Masterminds/goutils. */
import { encodeRune, replacementRune, runesOf } from './byte-string.ts'
import { toLower, toTitle, toUpper } from './letter-case.ts'

const characters = (text: string): readonly string[] =>
  Array.from(runesOf(text), ({ rune }) => String.fromCodePoint(rune))

const encoded = (text: string) => encodeRune(text.codePointAt(0) ?? 0)
const isUpper = (character: string) => /\p{Lu}/u.test(character)
const isLower = (character: string) => /\p{Ll}/u.test(character)
/** What Go's unicode.IsSpace takes for space. */
const isSpace = (character: string) => /[\t-\r \x85\xa0\p{Z}]/u.test(character)

/** Every letter at a word's start in title case; words end at what is no letter, digit or `_`. Source: strings.Title. */
export function toTitleWords(text: string): string {
  let previous = ' '
  return characters(text)
    .map((character) => {
      const starts = isSeparator(previous)
      previous = character
      return encoded(starts ? toTitle(character) : character)
    })
    .join('')
}

/** Beyond ASCII only spaces separate. */
function isSeparator(character: string): boolean {
  if (/[\0-\x7f]/.test(character)) return !/\w/.test(character)
  return !/[\p{L}\p{Nd}]/u.test(character) && isSpace(character)
}

/** The first letter of every word in lower case; words are what spaces separate. */
export function toLowerFirst(text: string): string {
  let starts = true
  return characters(text)
    .map((character) => {
      if (isSpace(character)) {
        starts = true
        return encoded(character)
      }
      const lowered = starts ? toLower(character) : character
      starts = false
      return encoded(lowered)
    })
    .join('')
}

/** Capitals become small letters, and the other way round after title case and space are told apart as the library does. */
export function swapCase(text: string): string {
  let afterSpace = true
  return characters(text)
    .map((character) => {
      const swapped = swapLetter(character, afterSpace)
      afterSpace = isSpace(character)
      return encoded(swapped)
    })
    .join('')
}

function swapLetter(character: string, afterSpace: boolean): string {
  if (isUpper(character) || /\p{Lt}/u.test(character)) return toLower(character)
  if (!isLower(character)) return character
  return afterSpace ? toTitle(character) : toUpper(character)
}

const isConnector = (character: string) => /[-_]/.test(character) || isSpace(character)

/** `http_server` → `HttpServer`; connectors at the start stay. */
export function toCamelCase(text: string): string {
  const all = characters(text)
  const first = all.findIndex((character) => !isConnector(character))
  if (first < 0) return all.map(encoded).join('')
  const start = all[first] ?? ''
  let output = all.slice(0, first).join('')
  let inCapitals = isUpper(start)
  let pending = toUpper(start)
  for (const character of all.slice(first + 1)) {
    if (isConnector(character) && isConnector(pending)) {
      output += pending
      pending = character
    } else if (isConnector(pending)) {
      inCapitals = isUpper(character)
      pending = toUpper(character)
    } else {
      output += pending
      if (inCapitals && !isUpper(character)) inCapitals = false
      pending = inCapitals ? toLower(character) : character
    }
  }
  return encodeAll(output + pending)
}

function encodeAll(text: string): string {
  return Array.from(text, encoded).join('')
}

type WordKind = 'end' | 'number' | 'capitals' | 'letters' | 'connector' | 'punctuation' | 'other'

interface Word {
  readonly kind: WordKind
  /** Byte string. */
  readonly text: string
}

/** A character with the bytes before it that are no UTF-8. */
interface Unit {
  readonly character: string
  readonly bytes: string
}

function unitsOf(text: string): readonly Unit[] {
  const units: Unit[] = []
  let broken = ''
  for (const { rune, size, bytes } of runesOf(text)) {
    if (rune === replacementRune && size === 1) broken += bytes
    else {
      units.push({ character: String.fromCodePoint(rune), bytes: broken + bytes })
      broken = ''
    }
  }
  const last = units.pop()
  if (last !== undefined) units.push({ ...last, bytes: last.bytes + broken })
  else if (broken !== '') units.push({ character: invalid, bytes: broken })
  return units
}

/** `HTTPServer` → `http_server`: words joined by `connector`, a number joining the word that it follows or starts. */
export function toSeparated(text: string, connector: '_' | '-'): string {
  return new WordJoiner(text, connector).join()
}

class WordJoiner {
  readonly #words: readonly Word[]
  readonly #connector: string
  #at = 0
  #output = ''

  constructor(text: string, connector: string) {
    this.#words = splitWords(unitsOf(text))
    this.#connector = connector
  }

  join(): string {
    while (this.#at < this.#words.length - 1) this.#joinNext()
    this.#write(this.#peek())
    return this.#output
  }

  #peek(ahead = 0): Word {
    return this.#words[this.#at + ahead] ?? { kind: 'end', text: '' }
  }

  #joinNext(): void {
    const word = this.#peek()
    this.#at++
    if (word.kind === 'connector') {
      this.#write(word)
      return
    }
    this.#write(word)
    if (word.kind === 'number') this.#joinAfterNumber()
    else if (word.kind !== 'punctuation') this.#joinAfterLetters()
  }

  #joinAfterNumber(): void {
    this.#writeRun()
    this.#separate()
  }

  #joinAfterLetters(): void {
    if (this.#peek().kind !== 'number') {
      this.#separate()
      return
    }
    if (this.#at >= this.#words.length - 1) return
    const number = this.#peek()
    this.#at++
    // Small letters behind a number belong to it, and it stands apart; otherwise it ends the word before.
    if (this.#peek().kind === 'letters') {
      this.#output += this.#connector
      this.#write(number)
      this.#writeRun()
    } else this.#write(number)
    this.#separate()
  }

  /** Numbers and small letters in turn. */
  #writeRun(): void {
    while (this.#peek().kind === 'letters' || this.#peek().kind === 'number') {
      this.#write(this.#peek())
      this.#at++
    }
  }

  #separate(): void {
    if (!['end', 'connector', 'punctuation'].includes(this.#peek().kind)) {
      this.#output += this.#connector
    }
  }

  /** Connectors all become one kind; only capitals are lowered. */
  #write({ kind, text }: Word): void {
    if (kind !== 'connector' && kind !== 'capitals') this.#output += text
    else {
      for (const character of characters(text)) {
        const isJoint = kind === 'connector' && isConnector(character)
        this.#output += isJoint
          ? this.#connector
          : encoded(isUpper(character) ? toLower(character) : character)
      }
    }
  }
}

/** Ideographs are no letters to the library. */
const isLetter = (character: string) =>
  /(?=\p{L})[^\u3400-\u4d85\u4e00-\u9fcc\u{20000}-\u{2b81d}]/u.test(character)
const isNumber = (character: string) => /\p{N}/u.test(character)
const isPunctuation = (character: string) => /\p{P}/u.test(character)
const isPlainLetter = (character: string) => isLetter(character) && !isUpper(character)

const invalid = String.fromCodePoint(replacementRune)

function splitWords(units: readonly Unit[]): readonly Word[] {
  const all = units.map(({ character }) => character)
  const words: Word[] = []
  for (let at = 0; at < all.length; ) {
    const kind = kindOf(all[at] ?? '')
    const end = endOf(kind, all, at)
    words.push({
      kind,
      text: units
        .slice(at, end)
        .map(({ bytes }) => bytes)
        .join(''),
    })
    at = end
  }
  return words
}

function kindOf(character: string): WordKind {
  if (isConnector(character)) return 'connector'
  if (isPunctuation(character)) return 'punctuation'
  if (isUpper(character)) return 'capitals'
  if (isLetter(character)) return 'letters'
  return isNumber(character) ? 'number' : 'other'
}

const continues: Readonly<
  Record<Exclude<WordKind, 'capitals' | 'end'>, (character: string) => boolean>
> = {
  connector: isConnector,
  punctuation: isPunctuation,
  letters: isPlainLetter,
  number: isNumber,
  other: (character) =>
    !isConnector(character) &&
    !isLetter(character) &&
    !isNumber(character) &&
    !isPunctuation(character),
}

/** Several capitals are a word, without the last one where a word of small letters begins with it. */
function endOf(kind: WordKind, all: readonly string[], start: number): number {
  if (kind === 'end') return start
  if (kind !== 'capitals') return runEnd(all, start + 1, continues[kind])
  const next = all[start + 1] ?? ''
  if (isPlainLetter(next)) return runEnd(all, start + 1, isPlainLetter)
  const end = runEnd(all, start + 1, isUpper)
  return end > start + 1 && isPlainLetter(all[end] ?? '') ? end - 1 : end
}

function runEnd(
  all: readonly string[],
  from: number,
  belongs: (character: string) => boolean,
): number {
  let end = from
  while (end < all.length && belongs(all[end] ?? '')) end++
  return end
}
