/** The certificate that an earlier agent rendered into a file. Source: consul-template's pkiCert, which looks for one before it asks for another. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { JsonNumber, type JsonValue } from '../../core/json.ts'
import type { KeptCertificate } from '../step/ports.ts'

/** A file that is longer is no certificate's. */
const longest = 1024 * 1024

/** Undefined unless the file holds a private key and the certificate that belongs to it, still valid at `now` (milliseconds since the epoch). */
export function findCertificate(destination: string, now: number): KeptCertificate | undefined {
  const blocks = readBlocks(destination)
  const [key] = blocks.filter(({ label }) => label.endsWith('PRIVATE KEY'))
  const certificates = blocks.filter(({ label }) => label === 'CERTIFICATE')
  if (key === undefined || certificates.length === 0) return undefined
  try {
    const privateKey = createPrivateKey(key.text)
    const parsed = certificates.map(({ text }) => ({ text, x509: new X509Certificate(text) }))
    const own = parsed.find(({ x509 }) => x509.checkPrivateKey(privateKey))
    if (own === undefined) return undefined
    const notAfter = Date.parse(own.x509.validTo)
    if (!(notAfter > now)) return undefined
    const chain = parsed.filter((other) => other !== own).map(({ text }) => text)
    const answer = toAnswer({ certificate: own.text, key: key.text, chain, notAfter })
    return { answer, notBefore: Date.parse(own.x509.validFrom), notAfter }
  } catch {
    // Whatever lies there, it is not ours: another certificate will take its place.
    return undefined
  }
}

interface Block {
  readonly label: string
  readonly text: string
}

function readBlocks(path: string): readonly Block[] {
  const text = readText(path)
  const pattern = /-----BEGIN ([A-Z ]+)-----[A-Za-z0-9+/=\s]+-----END \1-----/g
  return Array.from(text.matchAll(pattern), ([whole, label = '']) => ({ label, text: whole }))
}

function readText(path: string): string {
  try {
    const bytes = readFileSync(path)
    return bytes.length > longest ? '' : bytes.toString('latin1')
  } catch {
    return ''
  }
}

interface Parts {
  readonly certificate: string
  readonly key: string
  readonly chain: readonly string[]
  readonly notAfter: number
}

/** As the store would have answered. */
function toAnswer({ certificate, key, chain, notAfter }: Parts): KeptCertificate['answer'] {
  const [issuer] = chain
  const expiration = new JsonNumber(String(Math.floor(notAfter / 1000)))
  const data = new Map<string, JsonValue>([
    ['certificate', certificate],
    ['private_key', key],
    ['ca_chain', chain],
    ['expiration', expiration],
    ...(issuer === undefined ? [] : [['issuing_ca', issuer] as const]),
  ])
  return { requestId: '', leaseId: '', leaseDuration: 0, renewable: false, data, warnings: [] }
}
