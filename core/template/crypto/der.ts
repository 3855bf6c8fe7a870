/** DER, as far as certificates and old key files need it. Source: ITU-T X.690. */

export function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(contents)
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body])
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length])
  const hex = length.toString(16)
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes])
}

export const sequence = (...contents: readonly Uint8Array[]) => der(0x30, ...contents)
export const setOf = (...contents: readonly Uint8Array[]) => der(0x31, ...contents)
export const octetString = (content: Uint8Array) => der(0x04, content)
export const bitString = (content: Uint8Array, unusedBits = 0) =>
  der(0x03, Buffer.from([unusedBits]), content)
/** `[number]` around a whole value. */
export const explicit = (number: number, ...contents: readonly Uint8Array[]) =>
  der(0xa0 | number, ...contents)
/** `[number]` instead of a value's own tag. */
export const implicit = (number: number, content: Uint8Array) => der(0x80 | number, content)
export const boolean = (value: boolean) => der(0x01, Buffer.from([value ? 0xff : 0]))
export const nothing = der(0x05)

export function integer(value: bigint | Uint8Array): Buffer {
  if (typeof value !== 'bigint') return der(0x02, value)
  const hex = value.toString(16)
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')
  return der(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes)
}

export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second, ...rest].flatMap(base128)
  return der(0x06, Buffer.from(bytes))
}

function base128(value: number): readonly number[] {
  const digits = [value & 0x7f]
  for (let left = value >> 7; left > 0; left >>= 7) digits.unshift(0x80 | (left & 0x7f))
  return digits
}

/** PrintableString where the text allows it, else UTF8String, as Go chooses. */
export function directoryString(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1')
  return /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text) ? der(0x13, bytes) : der(0x0c, bytes)
}

/** UTCTime up to 2049, GeneralizedTime beyond. */
export function time(seconds: number): Buffer {
  const digits = new Date(seconds * 1000).toISOString().replace(/[-:T]|\..*/g, '')
  const year = Number(digits.slice(0, 4))
  return year >= 1950 && year < 2050
    ? der(0x17, Buffer.from(`${digits.slice(2)}Z`))
    : der(0x18, Buffer.from(`${digits}Z`))
}

export interface DerElement {
  readonly tag: number
  /** Without tag and length. */
  readonly content: Buffer
  /** With them. */
  readonly whole: Buffer
}

/** The elements that follow one another in `bytes`; undefined where that is no DER. */
export function readElements(bytes: Buffer): readonly DerElement[] | undefined {
  const elements: DerElement[] = []
  for (let at = 0; at < bytes.length; ) {
    const short = bytes[at + 1] ?? 0
    const lengthBytes = short < 0x80 ? 0 : short & 0x7f
    if (lengthBytes > 4 || at + 2 + lengthBytes > bytes.length) return undefined
    const length = lengthBytes === 0 ? short : bytes.readUIntBE(at + 2, lengthBytes)
    const start = at + 2 + lengthBytes
    if (start + length > bytes.length) return undefined
    const content = bytes.subarray(start, start + length)
    elements.push({ tag: bytes[at] ?? 0, content, whole: bytes.subarray(at, start + length) })
    at = start + length
  }
  return elements
}
