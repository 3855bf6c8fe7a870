/** Keys and certificates of the pki engine. */
import { generateKeyPairSync, type KeyObject, randomBytes, X509Certificate } from 'node:crypto'
import {
  type CertificateRequest,
  createCertificate,
  isAddress,
  type Signer,
} from '../../../core/template/crypto/certificate.ts'
import { type KeyForm, parseKeyPem, toKeyPem } from '../../../core/template/crypto/private-key.ts'
import { toPem } from '../../../core/template/issued-certificate.ts'
import { Refusal } from '../exchange.ts'

export interface Keys {
  readonly type: 'rsa' | 'ec' | 'ed25519'
  readonly bits: number
}

/** PEM without a last line break, as Vault answers it. */
export interface Authority {
  readonly certificate: string
  readonly privateKey: string
}

export interface Issued extends Authority {
  readonly keyType: Keys['type']
  /** Hexadecimal, its bytes apart by colons. */
  readonly serial: string
  /** Seconds since the epoch. */
  readonly notAfter: number
}

export interface AuthorityOrder {
  readonly keys: Keys
  readonly commonName: string
  /** Seconds since the epoch. */
  readonly now: number
  /** Seconds. */
  readonly ttl: number
}

export interface CertificateOrder extends AuthorityOrder {
  readonly names: readonly string[]
  readonly addresses: readonly string[]
  /** Seconds by which the certificate counts from before `now`. */
  readonly backdating: number
}

const usualBackdating = 30

/** A certificate that signs itself. */
export function makeAuthority(order: AuthorityOrder): Issued {
  const whole = { ...order, names: [], addresses: [], backdating: usualBackdating }
  return make(whole, undefined, order.now + order.ttl)
}

/** Ends with the authority's at the latest. Throws a 400 `Refusal` for an address that is none. */
export function issueCertificate(authority: Authority, order: CertificateOrder): Issued {
  const wrong = order.addresses.find((address) => !isAddress(address))
  if (wrong !== undefined) throw new Refusal(400, `the value "${wrong}" is not a valid IP address`)
  const certificate = new X509Certificate(authority.certificate)
  const end = Math.floor(Date.parse(certificate.validTo) / 1000)
  const signer = { key: parseKeyPem(authority.privateKey), certificate }
  return make(order, signer, Math.min(order.now + order.ttl, end))
}

function make(order: CertificateOrder, signer: Signer | undefined, notAfter: number): Issued {
  const privateKey = makeKey(order.keys)
  const key = parseKeyPem(privateKey)
  // The first bit stays clear: a serial number is positive.
  const serial = randomBytes(16)
  serial.writeUInt8(serial.readUInt8(0) & 0x7f)
  const request: CertificateRequest = {
    commonName: Buffer.from(order.commonName).toString('latin1'),
    addresses: order.addresses,
    names: order.names,
    notBefore: order.now - order.backdating,
    notAfter,
    isAuthority: signer === undefined,
    serial,
    key,
  }
  const bytes = createCertificate(request, signer ?? { key, certificate: undefined })
  return {
    certificate: toPem('CERTIFICATE', bytes).trimEnd(),
    privateKey: privateKey.trimEnd(),
    keyType: order.keys.type,
    serial: serial.toString('hex').replace(/..(?=.)/g, '$&:'),
    notAfter,
  }
}

const forms: Readonly<Record<Keys['type'], KeyForm>> = { rsa: 'RSA', ec: 'EC', ed25519: '' }

function makeKey(keys: Keys): string {
  const pkcs8 = generateKey(keys).export({ format: 'der', type: 'pkcs8' })
  return toKeyPem(pkcs8, forms[keys.type])
}

function generateKey({ type, bits }: Keys): KeyObject {
  if (type === 'rsa') return generateKeyPairSync('rsa', { modulusLength: bits }).privateKey
  if (type === 'ed25519') return generateKeyPairSync('ed25519').privateKey
  return generateKeyPairSync('ec', { namedCurve: `P-${bits}` }).privateKey
}
