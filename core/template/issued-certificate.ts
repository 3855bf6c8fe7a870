/** What `pkiCert` makes of an issued certificate. Source: consul-template's dependency/vault_pki.go. */
import { X509Certificate } from 'node:crypto'
import type { JsonValue } from '../json.ts'
import { toByteString } from './byte-string.ts'
import { FunctionError } from './functions/function.ts'
import type { SecretAnswer } from './secret-request.ts'
import { type GoStruct, type StructType, stringList, type Value, zeroOf } from './values.ts'

export const pemType: StructType = {
  name: 'dependency.PemEncoded',
  fields: new Map([
    ['Cert', 'string'],
    ['Key', 'string'],
    ['CA', 'string'],
    ['CAChain', '[]string'],
  ]),
}

interface Pems {
  cert: string
  key: string
  /** Without repetition, in order. */
  readonly authorities: string[]
  expiresAt: number | undefined
}

/**
 * The PEM blocks of an answer by what they are; `now` is milliseconds since the epoch, undefined where it is not known. Throws
 * `FunctionError` where the certificate is missing or has ended.
 */
export function fromIssued({ data }: SecretAnswer, now: number | undefined): GoStruct {
  const pems: Pems = { cert: '', key: '', authorities: [], expiresAt: undefined }
  for (const text of textsOf(data ?? new Map())) sortBlocks(text, pems)
  const { expiresAt } = pems
  if (expiresAt === undefined || (now !== undefined && expiresAt <= now)) {
    throw new FunctionError('needs renewal')
  }
  const fields = new Map<string, Value>([
    ['Cert', pems.cert],
    ['Key', pems.key],
    ['CA', pems.authorities[0] ?? ''],
    ['CAChain', pems.authorities.length === 0 ? zeroOf('[]string') : stringList(pems.authorities)],
  ])
  return { kind: 'struct', structType: pemType, fields }
}

/** All texts of the answer and those of the chain, the issuer's first. */
function textsOf(data: ReadonlyMap<string, JsonValue>): readonly string[] {
  const members = [...data].toSorted(
    ([left], [right]) => Number(right === 'issuing_ca') - Number(left === 'issuing_ca'),
  )
  return members.flatMap(([key, value]) => {
    if (typeof value === 'string') return [value]
    const isChain = key === 'ca_chain' && Array.isArray(value)
    return isChain ? value.filter((item) => typeof item === 'string') : []
  })
}

const block = /-----BEGIN ([^-]*)-----\s*([A-Za-z0-9+/=\s]*?)\s*-----END \1-----/g

function sortBlocks(text: string, pems: Pems): void {
  for (const [, type = '', body = ''] of text.matchAll(block)) {
    const bytes = Buffer.from(body, 'base64')
    const pem = toPem(type, bytes)
    if (type.endsWith('PRIVATE KEY')) pems.key = pem
    else sortCertificate(parseCertificate(bytes), pem, pems)
  }
}

function sortCertificate(certificate: X509Certificate, pem: string, pems: Pems): void {
  if (!certificate.ca) {
    pems.cert = pem
    pems.expiresAt = Date.parse(certificate.validTo)
  } else if (!pems.authorities.includes(pem)) pems.authorities.push(pem)
}

function parseCertificate(bytes: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(bytes)
  } catch {
    throw new FunctionError('x509: malformed certificate')
  }
}

/** As Go writes it: 64 characters a line, a line break at the end. */
export function toPem(type: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return toByteString(
    `-----BEGIN ${type}-----\n${[...lines, ''].join('\n')}-----END ${type}-----\n`,
  )
}
