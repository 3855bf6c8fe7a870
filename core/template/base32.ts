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

/** Line breaks are skipped, padding is demanded. Throws `FunctionError`. */
export function fromBase32(text: string): string {
  const bare = text.replace(/[\r\n]/g, '')
  let output = ''
  for (let at = 0; at < bare.length; at += 8) {
    const digits = digitsOf(bare, at)
    output += decodeGroup(digits)
    if (digits.length < 8) break
  }
  return output
}

/** The digits of the group at `start`, fewer than eight where padding ends it. */
function digitsOf(text: string, start: number): string {
  for (let count = 0; count < 8; count++) {
    const at = start + count
    const left = text.length - at - 1
    if (at >= text.length) fail(text.length - count)
    if (text[at] === '=' && count >= 2 && left < 8) {
      if (left + count < 7) fail(text.length)
      const padding = text.slice(at + 1, start + 8)
      const wrong = Array.from(padding).findIndex((character) => character !== '=')
      if (wrong >= 0) fail(at + wrong)
      if (count === 3 || count === 6) fail(at)
      return text.slice(start, at)
    }
    if (!alphabet.includes(text[at] ?? ' ')) fail(at)
  }
  return text.slice(start, start + 8)
}

function fail(at: number): never {
  throw new FunctionError(`illegal base32 data at input byte ${at}`)
}

function decodeGroup(digits: string): string {
  let bits = 0n
  for (const digit of digits.padEnd(8, 'A')) bits = (bits << 5n) | BigInt(alphabet.indexOf(digit))
  const bytes = Math.floor((digits.length * 5) / 8)
  return Buffer.from(bits.toString(16).padStart(10, '0'), 'hex')
    .subarray(0, bytes)
    .toString('latin1')
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
