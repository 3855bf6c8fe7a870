/** Byte strings: Go's strings as JavaScript strings with one character, U+0000 to U+00FF, per byte. */

/** What Go decodes where bytes are not UTF-8; it then takes one byte. */
export const replacementRune = 0xfffd

export interface DecodedRune {
  readonly rune: number
  /** Bytes taken, 1 to 4. */
  readonly size: number
}

const ascii = /^[\0-\x7f]*$/

/** The UTF-8 bytes of an ordinary string; half a surrogate pair becomes U+FFFD. */
export function toByteString(text: string): string {
  return ascii.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1')
}

/** The ordinary string that the bytes spell in UTF-8; what is not UTF-8 becomes U+FFFD. */
export function fromByteString(bytes: string): string {
  return ascii.test(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8')
}

/** The bytes themselves. */
export function toBytes(bytes: string): Uint8Array {
  return Buffer.from(bytes, 'latin1')
}

/** The rune at `at`, which must lie within the text. Source: Go's utf8.DecodeRuneInString. */
export function decodeRune(bytes: string, at: number): DecodedRune {
  const first = bytes.charCodeAt(at)
  if (first < 0x80) return { rune: first, size: 1 }
  const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  let rune = first & (0xff >> (size + 1))
  for (let index = 1; index < size; index++) {
    const next = bytes.charCodeAt(at + index)
    if (!(next >= 0x80 && next < 0xc0)) return { rune: replacementRune, size: 1 }
    rune = (rune << 6) | (next & 0x3f)
  }
  return isWellFormed(first, rune, size) ? { rune, size } : { rune: replacementRune, size: 1 }
}

const smallestOfSize = [0, 0, 0x80, 0x800, 0x10000]

function isWellFormed(first: number, rune: number, size: number): boolean {
  if (first < 0xc2 || first > 0xf4) return false
  return rune >= (smallestOfSize[size] ?? 0) && rune <= 0x10ffff && !isSurrogate(rune)
}

function isSurrogate(rune: number): boolean {
  return rune >= 0xd800 && rune <= 0xdfff
}

/** The UTF-8 bytes of a rune; U+FFFD where there is no such rune. */
export function encodeRune(rune: number): string {
  const valid = rune >= 0 && rune <= 0x10ffff && !isSurrogate(rune)
  return toByteString(String.fromCodePoint(valid ? rune : replacementRune))
}

export interface SourceRune extends DecodedRune {
  /** The bytes it was decoded from. */
  readonly bytes: string
}

/** Every rune of a text. */
export function* runesOf(bytes: string): Generator<SourceRune> {
  for (let at = 0; at < bytes.length; ) {
    const { rune, size } = decodeRune(bytes, at)
    yield { rune, size, bytes: bytes.slice(at, at + size) }
    at += size
  }
}

export function countRunes(bytes: string): number {
  if (ascii.test(bytes)) return bytes.length
  let count = 0
  for (let at = 0; at < bytes.length; at += decodeRune(bytes, at).size) count++
  return count
}

/** Letters, marks, numbers, punctuation, symbols and the ASCII space. Source: Go's unicode.IsPrint. */
export function isPrintable(rune: number): boolean {
  if (rune < 0x7f) return rune >= 0x20
  if (rune > 0x10ffff || isSurrogate(rune)) return false
  // The classes of Unicode are compiled when they are first needed, which takes a millisecond.
  return /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(String.fromCodePoint(rune))
}

/** The order of bytes, which is Go's order of strings. */
export function compareBytes(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
