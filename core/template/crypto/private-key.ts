/** Private keys in the PEM forms of OpenSSL, read and written as Go does. Source: sprig's crypto.go. */
import { createPrivateKey, type KeyObject } from 'node:crypto'
import { FunctionError } from '../functions/function.ts'
import { toPem } from '../issued-certificate.ts'
import { integer, objectIdentifier, octetString, readElements, sequence } from './der.ts'

/** What stands before `PRIVATE KEY`; empty for PKCS #8. */
export type KeyForm = 'RSA' | 'EC' | 'DSA' | ''

/** A key given as PKCS #8 in DER. */
export function toKeyPem(pkcs8: Uint8Array, form: KeyForm): string {
  const type = form === '' ? 'PRIVATE KEY' : `${form} PRIVATE KEY`
  return toPem(type, form === 'DSA' ? toDsaForm(Buffer.from(pkcs8)) : toOwnForm(pkcs8, form))
}

function toOwnForm(pkcs8: Uint8Array, form: KeyForm): Uint8Array {
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })
  if (form === 'RSA') return key.export({ format: 'der', type: 'pkcs1' })
  return form === 'EC' ? key.export({ format: 'der', type: 'sec1' }) : pkcs8
}

const dsaIdentifier = '1.2.840.10040.4.1'

/** `SEQUENCE {0, p, q, g, y, x}`: node:crypto writes DSA keys in PKCS #8 alone. */
function toDsaForm(pkcs8: Buffer): Uint8Array {
  const [, algorithm, wrapped] =
    readElements(readElements(pkcs8)?.[0]?.content ?? Buffer.alloc(0)) ?? []
  const parameters = readElements(algorithm?.content ?? Buffer.alloc(0))?.[1]
  const [p, q, g] = (readElements(parameters?.content ?? Buffer.alloc(0)) ?? []).map(
    ({ content }) => toBigInt(content),
  )
  const x = toBigInt(
    readElements(wrapped?.content ?? Buffer.alloc(0))?.[0]?.content ?? Buffer.alloc(0),
  )
  if (p === undefined || q === undefined || g === undefined) {
    throw new FunctionError('failed to generate private key: no DSA parameters')
  }
  return sequence(...[0n, p, q, g, power(g, x, p), x].map((value) => integer(value)))
}

function toBigInt(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex') || '0'}`)
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  let square = base % modulus
  for (let left = exponent; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}

export interface PrivateKey {
  readonly key: KeyObject
  readonly form: KeyForm
}

const block = /-----BEGIN ([^-\n]+)-----\s([\s\S]*?)-----END \1-----/

/** The first block of the text. Throws `FunctionError` in sprig's words. */
export function parseKeyPem(text: string): PrivateKey {
  const found = block.exec(text)
  if (found === null) throw new FunctionError('no PEM data in input')
  const [, type = '', body = ''] = found
  if (!type.endsWith('PRIVATE KEY')) {
    throw new FunctionError('no private key data in PEM block of type ', { value: type })
  }
  const form = type.replace(/ ?PRIVATE KEY$/, '')
  const bytes = Buffer.from(body.replace(/^.*:.*$/gm, ''), 'base64')
  if (form !== '' && form !== 'RSA' && form !== 'EC' && form !== 'DSA') {
    throw new FunctionError('invalid private key type ', { value: form })
  }
  return { form, key: readKey(bytes, form) }
}

function readKey(bytes: Buffer, form: KeyForm): KeyObject {
  try {
    if (form === 'RSA') return createPrivateKey({ key: bytes, format: 'der', type: 'pkcs1' })
    if (form === 'EC') return createPrivateKey({ key: bytes, format: 'der', type: 'sec1' })
    const pkcs8 = form === 'DSA' ? fromDsaForm(bytes) : bytes
    return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
  } catch {
    const doing = form === '' ? 'decoding PEM as PKCS#8' : `parsing ${form} private key from PEM`
    throw new FunctionError(`${doing}: asn1: structure error`)
  }
}

function fromDsaForm(bytes: Buffer): Buffer {
  const [version, p, q, g, , x] =
    readElements(readElements(bytes)?.[0]?.content ?? Buffer.alloc(0)) ?? []
  if (
    version === undefined ||
    p === undefined ||
    q === undefined ||
    g === undefined ||
    x === undefined
  ) {
    throw new FunctionError('asn1: structure error')
  }
  const algorithm = sequence(objectIdentifier(dsaIdentifier), sequence(p.whole, q.whole, g.whole))
  return sequence(integer(0n), algorithm, octetString(x.whole))
}
