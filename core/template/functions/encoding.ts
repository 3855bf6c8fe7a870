/** Encodings and digests. Source: consul-template's template/funcs.go. */
import { createHash, createHmac } from 'node:crypto'
import { adler32, fromBase32, toBase32 } from '../base32.ts'
import { binary, FunctionError, type GoFunction, stringParameter, unary } from './function.ts'

export const encodingFunctions: readonly GoFunction[] = [
  unary('base64Encode', stringParameter, (text) => toBase64(text, 'base64')),
  unary('base64Decode', stringParameter, (text) =>
    fromBase64('base64Decode', text, standardAlphabet),
  ),
  unary('base64URLEncode', stringParameter, (text) => padded(toBase64(text, 'base64url'))),
  unary('base64URLDecode', stringParameter, (text) => fromBase64('base64URLDecode', text, url)),
  unary('sha256Hex', stringParameter, (text) => digest('sha256', text)),
  unary('sprig_b64enc', stringParameter, (text) => toBase64(text, 'base64')),
  unary('sprig_b64dec', stringParameter, decodeOrComplain),
  binary('hmacSHA256Hex', [stringParameter, stringParameter], (message, key) =>
    createHmac('sha256', Buffer.from(key, 'latin1')).update(message, 'latin1').digest('hex'),
  ),
  unary('sprig_b32enc', stringParameter, toBase32),
  unary('sprig_b32dec', stringParameter, (text) => orFailure(() => fromBase32(text))),
  unary('sprig_adler32sum', stringParameter, (text) => String(adler32(text))),
  unary('md5sum', stringParameter, (text) => digest('md5', text)),
]

function toBase64(text: string, alphabet: 'base64' | 'base64url'): string {
  return Buffer.from(text, 'latin1').toString(alphabet)
}

function padded(text: string): string {
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=')
}

function decodeOrComplain(text: string): string {
  return orFailure(() => fromBase64('', text, standardAlphabet))
}

/** Where sprig fails it gives the failure's text. */
function orFailure(decode: () => string): string {
  try {
    return decode()
  } catch (thrown) {
    if (!(thrown instanceof FunctionError)) throw thrown
    return thrown.parts.join('').replace(/^: /, '')
  }
}

interface Alphabet {
  readonly valid: RegExp
  /** Where the valid part of a text ends. */
  readonly prefix: RegExp
}

export const standardAlphabet = alphabetOf('A-Za-z0-9+/')
const url = alphabetOf('A-Za-z0-9_-')

function alphabetOf(characters: string): Alphabet {
  return { valid: new RegExp(`^[${characters}]*={0,2}$`), prefix: new RegExp(`^[${characters}]*`) }
}

/** Line breaks are skipped, padding is demanded, spare bits are ignored. Source: Go's encoding/base64. */
export function fromBase64(name: string, text: string, alphabet: Alphabet): string {
  const bare = text.replace(/[\r\n]/g, '')
  if (bare.length % 4 !== 0 || !alphabet.valid.test(bare)) {
    const at = firstBadByte(text, bare, alphabet)
    throw new FunctionError(`${name}: illegal base64 data at input byte ${at}`)
  }
  return Buffer.from(bare, 'base64').toString('latin1')
}

/** Go names the byte that cannot be, or the start of the group that the text leaves incomplete. */
function firstBadByte(text: string, bare: string, { prefix }: Alphabet): number {
  const good = prefix.exec(bare)?.[0].length ?? 0
  const rest = bare.slice(good)
  if (rest === '') return positionOf(text, good - (good % 4))
  if (!rest.startsWith('=') || good % 4 < 2) return positionOf(text, good)
  const wanted = 4 - (good % 4)
  const padding = /^=*/.exec(rest)?.[0].length ?? 0
  if (padding < wanted && padding < rest.length) return positionOf(text, good + padding)
  return padding < wanted ? text.length : positionOf(text, good + wanted)
}

/** The index in `text` of what is at `index` once line breaks are taken out. */
function positionOf(text: string, index: number): number {
  let left = index
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\r' || text[at] === '\n') continue
    if (left-- === 0) return at
  }
  return text.length
}

function digest(algorithm: 'md5' | 'sha256', text: string): string {
  return createHash(algorithm).update(text, 'latin1').digest('hex')
}
