/** Base32 and Adler-32 over byte strings. Source: Go's encoding/base32 and hash/adler32. */
import { FunctionError } from './functions/function.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

export function toBase32(text: string): string {
  let output = ''
  for (let at = 0; at < text.length; at += 5) {
    const group = Buffer.from(text.slice(at, at + 5), 'latin1')
    const bits = BigInt(`0x${group.toString('hex')}`) << BigInt(8 * (5 - group.length))
    const digits = Math.ceil((group.length * 8) / 5)
    for (let digit = 0; digit < digits; digit++) {
      output += alphabet[Number((bits >> BigInt(35 - 5 * digit)) & 31n)]
    }
    output += '='.repeat(8 - digits)
  }
  return output
}

/** Digits of a last group → bytes in it. */
const bytesOfGroup = new Map([
  [2, 1],
  [4, 2],
  [5, 3],
  [7, 4],
  [8, 5],
])

/** Line breaks are skipped, padding is demanded. Throws `FunctionError`. */
export function fromBase32(text: string): string {
  const bare = text.replace(/[\r\n]/g, '')
  let output = ''
  for (let at = 0; at < bare.length; at += 8) {
    const group = bare.slice(at, at + 8)
    const digits = /^[A-Z2-7]*/.exec(group)?.[0] ?? ''
    const padding = group.slice(digits.length)
    const bytes = bytesOfGroup.get(digits.length)
    const isLast = at + 8 >= bare.length
    if (
      bytes === undefined ||
      padding !== '='.repeat(8 - digits.length) ||
      (padding !== '' && !isLast)
    ) {
      throw new FunctionError(`illegal base32 data at input byte ${firstBadByte(bare, at, digits)}`)
    }
    output += decodeGroup(digits, bytes)
  }
  return output
}

function decodeGroup(digits: string, bytes: number): string {
  let bits = 0n
  for (const digit of digits.padEnd(8, 'A')) bits = (bits << 5n) | BigInt(alphabet.indexOf(digit))
  const hex = bits.toString(16).padStart(10, '0')
  return Buffer.from(hex, 'hex').subarray(0, bytes).toString('latin1')
}

/** Where Go stops: at the character that cannot be, or behind padding that is too short or followed by more. */
function firstBadByte(text: string, start: number, digits: string): number {
  const at = start + digits.length
  if (at >= text.length) return text.length
  if (text[at] !== '=') return at
  if (!bytesOfGroup.has(digits.length)) return at
  const padding = /^=*/.exec(text.slice(at))?.[0].length ?? 0
  const wanted = 8 - digits.length
  return padding < wanted && at + padding >= text.length
    ? text.length
    : at + Math.min(padding, wanted)
}

const modulus = 65_521

export function adler32(text: string): number {
  let low = 1
  let high = 0
  for (let at = 0; at < text.length; at++) {
    low = (low + text.charCodeAt(at)) % modulus
    high = (high + low) % modulus
  }
  return high * 65_536 + low
}
