/** Distinguished Encoding Rules (X.690), as far as certificates need them. */

/** A value with its tag and length; `contents` are joined. */
export function encode(tag: number, ...contents: readonly Buffer[]): Buffer {
  const body = Buffer.concat(contents)
  return Buffer.concat([Buffer.from([tag, ...encodeLength(body.length)]), body])
}

function encodeLength(length: number): readonly number[] {
  if (length < 0x80) return [length]
  const bytes: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return [0x80 | bytes.length, ...bytes]
}

export const sequence = (...parts: readonly Buffer[]): Buffer => encode(0x30, ...parts)
export const set = (...parts: readonly Buffer[]): Buffer => encode(0x31, ...parts)
export const octetString = (...parts: readonly Buffer[]): Buffer => encode(0x04, ...parts)
export const utf8String = (text: string): Buffer => encode(0x0c, Buffer.from(text))
export const boolean = (value: boolean): Buffer => encode(0x01, Buffer.from([value ? 0xff : 0]))

/** Bytes of a bit string, with the number of unused bits at its end. */
export const bitString = (bytes: Buffer, unused = 0): Buffer =>
  encode(0x03, Buffer.from([unused]), bytes)

/** [number] EXPLICIT, which wraps a whole value. */
export const explicit = (number: number, value: Buffer): Buffer => encode(0xa0 | number, value)

/** [number] IMPLICIT of a primitive type, which replaces its tag. */
export const implicit = (number: number, content: Buffer): Buffer => encode(0x80 | number, content)

/** A non-negative integer from its big-endian bytes. */
export function integer(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0)
  const significant = first === -1 ? Buffer.from([0]) : bytes.subarray(first)
  const negative = (significant[0] ?? 0) >= 0x80
  return encode(0x02, Buffer.from(negative ? [0] : []), significant)
}

/** From the dotted form. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return encode(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(encodeBase128)]))
}

function encodeBase128(value: number): readonly number[] {
  const digits = [value % 128]
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    digits.unshift(0x80 | (rest % 128))
  }
  return digits
}

/** UTCTime through 2049 and GeneralizedTime from then on, to the second (RFC 5280, section 4.1.2.5). */
export function time(ms: number): Buffer {
  const digits = `${new Date(ms).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`
  return new Date(ms).getUTCFullYear() < 2050
    ? encode(0x17, Buffer.from(digits.slice(2)))
    : encode(0x18, Buffer.from(digits))
}
