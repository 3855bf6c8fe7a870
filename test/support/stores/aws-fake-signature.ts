/** Whether a request is signed, judged by the vendor's own signer. */
import { createHash, createHmac, type Hash, type Hmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { SignatureV4 } from '@smithy/signature-v4'
import { AwsError } from './aws-fake-operation.ts'

export interface FakeKeys {
  readonly accessKey: string
  readonly secretKey: string
  readonly sessionToken: string | undefined
  /** Milliseconds since the epoch. */
  expiresAt: number | undefined
}

export interface SignedText {
  readonly headers: IncomingHttpHeaders
  /** Path with query. */
  readonly path: string
  readonly body: string
}

export interface Verified {
  readonly accessKey: string
  readonly region: string
  readonly service: string
}

const toleratedSkewMs = 300_000
const pattern =
  /^AWS4-HMAC-SHA256 Credential=(?<accessKey>\w+)\/(?<day>\d{8})\/(?<region>[\w-]+)\/(?<service>\w+)\/aws4_request, SignedHeaders=(?<names>[\w;-]+), Signature=[0-9a-f]{64}$/

/** Throws an `AwsError` for what AWS would not take. */
export async function verifySignature(
  request: SignedText,
  keys: ReadonlyMap<string, FakeKeys>,
  now: number,
): Promise<Verified> {
  const { headers } = request
  const given = headers.authorization ?? ''
  const {
    accessKey = '',
    day,
    region = '',
    service = '',
    names = '',
  } = pattern.exec(given)?.groups ?? {}
  if (accessKey === '') {
    throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', 403)
  }
  const signed = names.split(';')
  const needed = ['host', ...Object.keys(headers).filter((name) => name.startsWith('x-amz-'))]
  if (!needed.every((name) => signed.includes(name))) throw refuse('Headers are not signed.')
  const held = keys.get(accessKey)
  const token = headers['x-amz-security-token']
  if (held === undefined || held.sessionToken !== token) {
    throw new AwsError(
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    )
  }
  if (held.expiresAt !== undefined && held.expiresAt <= now) {
    throw new AwsError(
      'ExpiredTokenException',
      'The security token included in the request is expired',
    )
  }
  const date = String(headers['x-amz-date'])
  const at = Date.parse(date.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'))
  if (!date.startsWith(String(day)) || !(Math.abs(at - now) < toleratedSkewMs)) {
    throw refuse('Signature expired: it is too far from the current time.')
  }
  const expected = await sign(request, held, { region, service, names: signed, at })
  if (!isEqual(expected, given)) {
    throw refuse('The request signature we calculated does not match the signature you provided.')
  }
  return { accessKey, region, service }
}

interface Scope {
  readonly region: string
  readonly service: string
  readonly names: readonly string[]
  readonly at: number
}

/** The header that the vendor's signer would send. */
export async function sign(
  { headers, path, body }: SignedText,
  { accessKey, secretKey, sessionToken }: FakeKeys,
  { region, service, names, at }: Scope,
): Promise<string> {
  const signer = new SignatureV4({
    credentials: {
      accessKeyId: accessKey,
      secretAccessKey: secretKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
    },
    region,
    service,
    sha256: Sha256,
    applyChecksum: false,
  })
  const url = new URL(path, `http://${headers.host}`)
  const request = {
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(names.map((name) => [name, String(headers[name])])),
    body,
  }
  const { headers: signed } = await signer.sign(request, { signingDate: new Date(at) })
  return signed['authorization'] ?? ''
}

/** What the signer hashes with. */
class Sha256 {
  readonly #secret: Uint8Array | string | undefined
  #hash: Hash | Hmac

  constructor(secret?: unknown) {
    this.#secret = typeof secret === 'string' || secret instanceof Uint8Array ? secret : undefined
    this.#hash = this.#open()
  }

  update(data: Uint8Array): void {
    this.#hash.update(data)
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }

  reset(): void {
    this.#hash = this.#open()
  }

  #open(): Hash | Hmac {
    return this.#secret === undefined ? createHash('sha256') : createHmac('sha256', this.#secret)
  }
}

function isEqual(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right))
}

function refuse(message: string): AwsError {
  return new AwsError('InvalidSignatureException', message)
}
