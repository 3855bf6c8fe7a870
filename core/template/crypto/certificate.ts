/** X.509 certificates, made as Go's x509.CreateCertificate makes those of sprig. Source: RFC 5280. */
import { createHash, createPublicKey, sign, type X509Certificate } from 'node:crypto'
import { FunctionError } from '../functions/function.ts'
import {
  bitString,
  boolean,
  directoryString,
  explicit,
  implicit,
  integer,
  nothing,
  objectIdentifier,
  octetString,
  readElements,
  sequence,
  setOf,
  time,
} from './der.ts'
import type { PrivateKey } from './private-key.ts'

export interface CertificateRequest {
  /** Byte string. */
  readonly commonName: string
  readonly addresses: readonly string[]
  readonly names: readonly string[]
  /** Seconds since the epoch. */
  readonly notBefore: number
  readonly notAfter: number
  readonly isAuthority: boolean
  /** 16 random bytes. */
  readonly serial: Uint8Array
  readonly key: PrivateKey
}

export interface Signer {
  readonly key: PrivateKey
  /** Undefined where the certificate signs itself. */
  readonly certificate: X509Certificate | undefined
}

/** DER. */
export function createCertificate(request: CertificateRequest, signer: Signer): Buffer {
  const algorithm = algorithmOf(signer.key)
  const publicKey = createPublicKey(request.key.key).export({ format: 'der', type: 'spki' })
  const subject = nameOf(request.commonName)
  const body = sequence(
    explicit(0, integer(2n)),
    integer(BigInt(`0x${Buffer.from(request.serial).toString('hex')}`)),
    algorithm.identifier,
    signer.certificate === undefined ? subject : subjectOf(signer.certificate),
    sequence(time(request.notBefore), time(request.notAfter)),
    subject,
    publicKey,
    explicit(3, sequence(...extensionsOf(request, signer, publicKey))),
  )
  const signature = sign(algorithm.digest, body, signer.key.key)
  return sequence(body, algorithm.identifier, bitString(signature))
}

function algorithmOf({ key }: PrivateKey): {
  readonly identifier: Buffer
  readonly digest: string | null
} {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return {
        identifier: sequence(objectIdentifier('1.2.840.113549.1.1.11'), nothing),
        digest: 'sha256',
      }
    case 'ec':
      return { identifier: sequence(objectIdentifier('1.2.840.10045.4.3.2')), digest: 'sha256' }
    case 'ed25519':
      return { identifier: sequence(objectIdentifier('1.3.101.112')), digest: null }
    default:
      throw new FunctionError(
        'error creating certificate: x509: only RSA, ECDSA and Ed25519 keys supported',
      )
  }
}

function nameOf(commonName: string): Buffer {
  if (commonName === '') return sequence()
  return sequence(setOf(sequence(objectIdentifier('2.5.4.3'), directoryString(commonName))))
}

/** The subject as it is written in the certificate, whatever it holds. */
function subjectOf({ raw }: X509Certificate): Buffer {
  const body = readElements(readElements(raw)?.[0]?.content ?? Buffer.alloc(0))?.[0]
  const fields = readElements(body?.content ?? Buffer.alloc(0)) ?? []
  const start = fields[0]?.tag === 0xa0 ? 1 : 0
  return fields[start + 4]?.whole ?? sequence()
}

function extension(identifier: string, value: Uint8Array, isCritical = false): Buffer {
  const critical = isCritical ? [boolean(true)] : []
  return sequence(objectIdentifier(identifier), ...critical, octetString(value))
}

function extensionsOf(
  { addresses, names, isAuthority }: CertificateRequest,
  signer: Signer,
  publicKey: Buffer,
): readonly Buffer[] {
  // Digital signature, key encipherment, and for an authority certificate signing.
  const usage = bitString(Buffer.from([isAuthority ? 0xa4 : 0xa0]), isAuthority ? 2 : 5)
  const purposes = ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'].map(objectIdentifier)
  const constraints = sequence(...(isAuthority ? [boolean(true)] : []))
  const alternatives = [
    ...names.map((name) => implicit(2, Buffer.from(name, 'latin1'))),
    ...addresses.map((address) => implicit(7, addressBytes(address))),
  ]
  const authority =
    signer.certificate === undefined ? undefined : keyIdentifierOf(signer.certificate)
  return [
    extension('2.5.29.15', usage, true),
    extension('2.5.29.37', sequence(...purposes)),
    extension('2.5.29.19', constraints, true),
    ...(isAuthority ? [extension('2.5.29.14', octetString(hashOf(publicKey)))] : []),
    ...(authority === undefined ? [] : [extension('2.5.29.35', sequence(implicit(0, authority)))]),
    ...(alternatives.length === 0 ? [] : [extension('2.5.29.17', sequence(...alternatives))]),
  ]
}

/** Source: Go's x509: the first 20 bytes of the SHA-256 of the key's bits. */
function hashOf(publicKey: Buffer): Buffer {
  const bits = readElements(readElements(publicKey)?.[0]?.content ?? Buffer.alloc(0))?.[1]
  const key = bits?.content.subarray(1) ?? Buffer.alloc(0)
  return createHash('sha256').update(key).digest().subarray(0, 20)
}

const keyIdentifier = objectIdentifier('2.5.29.14')

/** The value stands in an OCTET STRING within an OCTET STRING, both shorter than 128 bytes. */
function keyIdentifierOf({ raw }: X509Certificate): Buffer | undefined {
  const at = raw.indexOf(keyIdentifier)
  if (at < 0) return undefined
  const value = raw.subarray(at + keyIdentifier.length)
  return value.subarray(4, 2 + (value[1] ?? 0))
}

/** Whether the text is an IP address. */
export function isAddress(text: string): boolean {
  return versionFour.test(text) || (text.includes(':') && URL.canParse(`http://[${text}]`))
}

const octet = '(?:0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])'
const versionFour = new RegExp(`^${octet}(?:\\.${octet}){3}$`)

function addressBytes(address: string): Buffer {
  if (versionFour.test(address)) return Buffer.from(address.split('.').map(Number))
  const { hostname } = new URL(`http://[${address}]`)
  const [head = '', tail] = hostname.slice(1, -1).split('::')
  const groupsOf = (text: string) => text.split(':').filter((group) => group !== '')
  const first = groupsOf(head)
  const last = groupsOf(tail ?? '')
  const gap = Array.from({ length: 8 - first.length - last.length }, () => '0')
  const groups = [...first, ...gap, ...last]
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex')
}
