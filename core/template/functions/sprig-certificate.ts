/** sprig's certificates. Source: sprig's crypto.go. */
import { X509Certificate } from 'node:crypto'
import { fromByteString } from '../byte-string.ts'
import { createCertificate, isAddress, type Signer } from '../crypto/certificate.ts'
import { type PrivateKey, parseKeyPem, toKeyPem } from '../crypto/private-key.ts'
import { toPem } from '../issued-certificate.ts'
import { sprint } from '../printer.ts'
import { type GoStruct, type StructType, textOf, unbox, type Value } from '../values.ts'
import { fromBase64, standardAlphabet } from './encoding.ts'
import {
  binary,
  FunctionError,
  type FunctionHost,
  type GoFunction,
  prefixing,
  stringParameter,
} from './function.ts'

const certificateType: StructType = {
  name: 'sprig.certificate',
  fields: new Map([
    ['Cert', 'string'],
    ['Key', 'string'],
  ]),
}

interface Certificate {
  readonly cert: string
  readonly key: string
}

function certificateValue({ cert, key }: Certificate): GoStruct {
  const fields = new Map<string, Value>([
    ['Cert', cert],
    ['Key', key],
  ])
  return { kind: 'struct', structType: certificateType, fields }
}

const certificateName = certificateType.name
const lists = ['[]interface {}', '[]interface {}'] as const

export const sprigCertificateFunctions: readonly GoFunction[] = [
  binary('sprig_buildCustomCert', [stringParameter, stringParameter], buildCustom),
  maker('sprig_genCA', ['string', 'int'], ([name, days]) => ({ name, days, isAuthority: true })),
  maker('sprig_genCAWithKey', ['string', 'int', 'string'], ([name, days, key]) => ({
    name,
    days,
    key,
    isAuthority: true,
  })),
  maker('sprig_genSelfSignedCert', ['string', ...lists, 'int'], (words) => served(words)),
  maker('sprig_genSelfSignedCertWithKey', ['string', ...lists, 'int', 'string'], (words) => ({
    ...served(words),
    key: words[4],
  })),
  maker('sprig_genSignedCert', ['string', ...lists, 'int', certificateName], (words) => ({
    ...served(words),
    signer: words[4],
  })),
  maker(
    'sprig_genSignedCertWithKey',
    ['string', ...lists, 'int', certificateName, 'string'],
    (words) => ({
      ...served(words),
      signer: words[4],
      key: words[5],
    }),
  ),
]

/** A certificate as its function's arguments describe it. */
interface Order {
  readonly name: Value
  readonly days: Value
  readonly addresses?: Value
  readonly names?: Value
  /** PEM; a new RSA key without it. */
  readonly key?: Value
  /** It signs itself without one. */
  readonly signer?: Value
  readonly isAuthority: boolean
}

function served([name, addresses, names, days]: readonly Value[]): Order {
  return { name, addresses, names, days, isAuthority: false }
}

function maker(
  name: string,
  parameters: readonly string[],
  read: (words: readonly Value[]) => Order,
): GoFunction {
  return { name, parameters, run: (words, host) => make(read(words), host) }
}

function make(order: Order, host: FunctionHost): Value {
  const key = keyOf(order, host)
  const signer = signerOf(order, key)
  const now = Math.floor(host.now() / 1000)
  const bytes = createCertificate(
    {
      commonName: textOf(order.name) ?? '',
      addresses: addressesOf(order.addresses),
      names: namesOf(order.names),
      notBefore: now,
      notAfter: now + 86_400 * Number(integer(order.days)),
      isAuthority: order.isAuthority,
      serial: host.random().bytes(16),
      key,
    },
    signer,
  )
  const pkcs8 = key.key.export({ format: 'der', type: 'pkcs8' })
  return certificateValue({ cert: toPem('CERTIFICATE', bytes), key: toKeyPem(pkcs8, key.form) })
}

function keyOf({ key }: Order, { random }: FunctionHost): PrivateKey {
  if (key === undefined) {
    const pem = toKeyPem(random().privateKey('rsa-2048'), 'RSA')
    return parseKeyPem(pem)
  }
  return prefixing(['parsing private key: '], () => parseKeyPem(textOf(key) ?? ''))
}

function signerOf({ signer }: Order, key: PrivateKey): Signer {
  if (signer === undefined) return { key, certificate: undefined }
  const fields = typeof signer === 'object' && signer.kind === 'struct' ? signer.fields : new Map()
  const certificate = parseCertificate(textOf(fields.get('Cert')) ?? '')
  const signingKey = prefixing(['error parsing private key: '], () =>
    parseKeyPem(textOf(fields.get('Key')) ?? ''),
  )
  return { key: signingKey, certificate }
}

function parseCertificate(pem: string): X509Certificate {
  const [, body] = /-----BEGIN [^-\n]+-----([\s\S]*?)-----END/.exec(pem) ?? []
  if (body === undefined) throw new FunctionError('unable to decode certificate')
  try {
    return new X509Certificate(Buffer.from(body, 'base64'))
  } catch {
    throw new FunctionError(
      'error parsing certificate: decodedCert.Bytes: x509: malformed certificate',
    )
  }
}

function integer(value: Value): bigint {
  return typeof value === 'object' && value.kind === 'int' ? value.value : 0n
}

function itemsOf(list: Value): readonly Value[] {
  return typeof list === 'object' && list.kind === 'slice' ? list.items.map(unbox) : []
}

function addressesOf(list: Value): readonly string[] {
  return itemsOf(list).map((item) => {
    if (typeof item !== 'string') {
      throw new FunctionError('error parsing ip: ', { value: sprint([item]) }, ' is not a string')
    }
    if (!isAddress(item)) throw new FunctionError('error parsing ip: ', { value: item })
    return fromByteString(item)
  })
}

function namesOf(list: Value): readonly string[] {
  return itemsOf(list).map((item) => {
    if (typeof item === 'string') return item
    throw new FunctionError(
      'error processing alternate dns name: ',
      { value: sprint([item]) },
      ' is not a string',
    )
  })
}

/** A certificate and key that are given in base64, checked. */
function buildCustom(encodedCert: string, encodedKey: string): Value {
  const cert = decode(encodedCert, 'certificate')
  const key = decode(encodedKey, 'private key')
  parseCertificate(cert)
  prefixing(['error parsing private key: '], () => parseKeyPem(key))
  return certificateValue({ cert, key })
}

function decode(text: string, what: string): string {
  try {
    return fromBase64('', text, standardAlphabet)
  } catch (thrown) {
    if (!(thrown instanceof FunctionError)) throw thrown
    throw new FunctionError(`unable to decode base64 ${what}`)
  }
}
