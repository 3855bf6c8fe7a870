/** bcrypt, which node:crypto lacks. Source: Provos and Mazières, "A Future-Adaptable Password Scheme", and OpenBSD's bcrypt. */
import { initialBoxes, initialSubkeys } from './blowfish-tables.ts'

const alphabet = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const standard = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Of the password at most 72 bytes count. */
export const longestPassword = 72

/** `$2a$COST$` with the hash in bcrypt's own base64; `salt` is 16 bytes. */
export function bcrypt(password: Uint8Array, salt: Uint8Array, cost: number): string {
  const key = Uint8Array.from([...password, 0])
  const cipher = new Blowfish()
  cipher.expand(key, salt)
  for (let round = 0; round < 2 ** cost; round++) {
    cipher.expand(key)
    cipher.expand(salt)
  }
  const words = toWords(Buffer.from('OrpheanBeholderScryDoubt'))
  for (let pass = 0; pass < 64; pass++) {
    for (let at = 0; at < words.length; at += 2) cipher.encrypt(words, at)
  }
  const hash = Buffer.alloc(24)
  for (const [at, word] of words.entries()) hash.writeUInt32BE(word >>> 0, at * 4)
  const shownCost = String(cost).padStart(2, '0')
  return `$2a$${shownCost}$${encode(salt)}${encode(hash.subarray(0, 23))}`
}

function encode(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('base64').replace(/=+$/, '')
  return Array.from(text, (character) => alphabet[standard.indexOf(character)]).join('')
}

function toWords(bytes: Uint8Array): Uint32Array {
  const view = Buffer.from(bytes)
  return Uint32Array.from({ length: bytes.length / 4 }, (_, at) => view.readUInt32BE(at * 4))
}

class Blowfish {
  readonly #subkeys = initialSubkeys()
  readonly #boxes = initialBoxes()

  /** Mixes `key` in, and `salt` where there is one. */
  expand(key: Uint8Array, salt?: Uint8Array): void {
    const words = cycle(key)
    for (let at = 0; at < 18; at++) this.#subkeys[at] = (this.#subkeys[at] ?? 0) ^ words()
    const salts = salt === undefined ? () => 0 : cycle(salt)
    const pair = new Uint32Array(2)
    for (const table of [this.#subkeys, this.#boxes]) {
      for (let at = 0; at < table.length; at += 2) {
        pair[0] = (pair[0] ?? 0) ^ salts()
        pair[1] = (pair[1] ?? 0) ^ salts()
        this.encrypt(pair, 0)
        table[at] = pair[0] ?? 0
        table[at + 1] = pair[1] ?? 0
      }
    }
  }

  /** Two words in place. */
  encrypt(words: Uint32Array, at: number): void {
    const subkeys = this.#subkeys
    let left = (words[at] ?? 0) ^ (subkeys[0] ?? 0)
    let right = words[at + 1] ?? 0
    for (let round = 1; round <= 16; round += 2) {
      right ^= this.#mix(left) ^ (subkeys[round] ?? 0)
      left ^= this.#mix(right) ^ (subkeys[round + 1] ?? 0)
    }
    words[at] = right ^ (subkeys[17] ?? 0)
    words[at + 1] = left
  }

  #mix(word: number): number {
    const boxes = this.#boxes
    const first = (boxes[word >>> 24] ?? 0) + (boxes[256 + ((word >>> 16) & 255)] ?? 0)
    return (
      ((first ^ (boxes[512 + ((word >>> 8) & 255)] ?? 0)) + (boxes[768 + (word & 255)] ?? 0)) | 0
    )
  }
}

/** The next 32 bits of the bytes repeated for ever. */
function cycle(bytes: Uint8Array): () => number {
  let at = 0
  return () => {
    let word = 0
    for (let count = 0; count < 4; count++) {
      word = (word << 8) | (bytes[at] ?? 0)
      at = (at + 1) % bytes.length
    }
    return word
  }
}
