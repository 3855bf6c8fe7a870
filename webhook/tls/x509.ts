/** Certificates of a private CA: EC P-256 keys, SHA-256, the extensions of RFC 5280 that serving needs. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto'
import { isIP } from 'node:net'
import {
  bitString,
  boolean,
  explicit,
  implicit,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  time,
  utf8String,
} from './der.ts'
import type { KeyPair } from './source.ts'

export interface Validity {
  /** Milliseconds since the epoch, both. */
  readonly notBefore: number
  readonly notAfter: number
}

/** A self-signed CA that may sign leaves and no further CA. */
export function createCa(commonName: string, validity: Validity): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = encodeName(commonName)
  const cert = issue({
    subject: name,
    issuer: name,
    validity,
    publicKey,
    signer: privateKey,
    extensions: [
      extension(oid.basicConstraints, sequence(boolean(true), integer(Buffer.from([0]))), true),
      // keyCertSign and cRLSign.
      extension(oid.keyUsage, bitString(Buffer.from([0x06]), 1), true),
      extension(oid.subjectKeyIdentifier, octetString(identify(publicKey))),
    ],
  })
  return { cert, key: exportKey(privateKey) }
}

/** A server certificate for `hosts`, DNS names or addresses; the first is its common name. */
export function createLeaf(ca: KeyPair, hosts: readonly string[], validity: Validity): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const signer = createPrivateKey(ca.key)
  const authorityKey = implicit(0, identify(createPublicKey(signer)))
  const cert = issue({
    subject: encodeName(hosts[0]?.slice(0, 64) ?? ''),
    issuer: encodeName(readCommonName(ca.cert)),
    validity,
    publicKey,
    signer,
    extensions: [
      extension(oid.basicConstraints, sequence(), true),
      // digitalSignature.
      extension(oid.keyUsage, bitString(Buffer.from([0x80]), 7), true),
      extension(oid.extendedKeyUsage, sequence(objectIdentifier(oid.serverAuth))),
      extension(oid.subjectAlternativeName, sequence(...hosts.map(encodeHost))),
      extension(oid.subjectKeyIdentifier, octetString(identify(publicKey))),
      extension(oid.authorityKeyIdentifier, sequence(authorityKey)),
    ],
  })
  return { cert, key: exportKey(privateKey) }
}

const oid = {
  commonName: '2.5.4.3',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAlternativeName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
} as const

interface Request {
  readonly subject: Buffer
  readonly issuer: Buffer
  readonly validity: Validity
  readonly publicKey: KeyObject
  readonly signer: KeyObject
  readonly extensions: readonly Buffer[]
}

/** Source: RFC 5280, section 4.1. */
function issue({ subject, issuer, validity, publicKey, signer, extensions }: Request): string {
  const algorithm = sequence(objectIdentifier(oid.ecdsaWithSha256))
  const toBeSigned = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(randomBytes(16)),
    algorithm,
    issuer,
    sequence(time(validity.notBefore), time(validity.notAfter)),
    subject,
    exportSpki(publicKey),
    explicit(3, sequence(...extensions)),
  )
  const signature = sign('sha256', toBeSigned, signer)
  const der = sequence(toBeSigned, algorithm, bitString(signature))
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence(objectIdentifier(id), ...(critical ? [boolean(true)] : []), octetString(value))
}

function encodeName(commonName: string): Buffer {
  return sequence(set(sequence(objectIdentifier(oid.commonName), utf8String(commonName))))
}

/** GeneralName: dNSName is [2], iPAddress [7]. */
function encodeHost(host: string): Buffer {
  return isIP(host) === 4
    ? implicit(7, Buffer.from(host.split('.').map(Number)))
    : implicit(2, Buffer.from(host))
}

/** SHA-1 of the public key's bits, here the uncompressed point at the end of the SPKI (RFC 5280, section 4.2.1.2). */
function identify(publicKey: KeyObject): Buffer {
  return createHash('sha1').update(exportSpki(publicKey).subarray(-65)).digest()
}

function exportSpki(publicKey: KeyObject): Buffer {
  return publicKey.export({ type: 'spki', format: 'der' })
}

function exportKey(privateKey: KeyObject): string {
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

function readCommonName(cert: string): string {
  return new X509Certificate(cert).subject.replace(/^CN=/, '')
}
