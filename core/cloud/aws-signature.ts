/** Signature version 4 of AWS. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html. */
import { createHash, createHmac } from 'node:crypto'

export interface SigningKeys {
  readonly accessKey: string
  readonly secretKey: string
  readonly sessionToken: string | undefined
}

export interface SignedRequest {
  readonly method: string
  readonly url: URL
  /** Names as they are sent; all of them are signed. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Scope {
  readonly region: string
  readonly service: string
  /** Milliseconds since the epoch. */
  readonly now: number
}

const algorithm = 'AWS4-HMAC-SHA256'

/** The headers of `request` with those that the signature adds; `Host` is signed and left to who sends them. */
export function signHeaders(
  request: SignedRequest,
  keys: SigningKeys,
  scope: Scope,
): Readonly<Record<string, string>> {
  const time = `${new Date(scope.now).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
  const day = time.slice(0, 8)
  const headers = {
    ...request.headers,
    'X-Amz-Date': time,
    ...(keys.sessionToken === undefined ? {} : { 'X-Amz-Security-Token': keys.sessionToken }),
  }
  const place = `${day}/${scope.region}/${scope.service}/aws4_request`
  const { canonical, names } = canonicalRequest({ ...request, headers })
  const text = [algorithm, time, place, sha256(canonical)].join('\n')
  const key = [day, scope.region, scope.service, 'aws4_request'].reduce<Buffer>(
    (previous, part) => hmac(previous, part),
    Buffer.from(`AWS4${keys.secretKey}`),
  )
  const signature = hmac(key, text).toString('hex')
  const credential = `Credential=${keys.accessKey}/${place}`
  const Authorization = `${algorithm} ${credential}, SignedHeaders=${names}, Signature=${signature}`
  return { ...headers, Authorization }
}

interface Canonical {
  readonly canonical: string
  /** Of the signed headers. */
  readonly names: string
}

function canonicalRequest({ method, url, headers, body }: SignedRequest): Canonical {
  const signed = Object.entries({ ...headers, Host: url.host })
    .map(([name, value]) => [name.toLowerCase(), value.trim().replace(/ +/g, ' ')] as const)
    .toSorted(([left], [right]) => compare(left, right))
  const names = signed.map(([name]) => name).join(';')
  // By names first: `=` is greater than `%`, with which the rest of a longer name may begin.
  const query = Array.from(url.searchParams, ([name, value]) => [encode(name), encode(value)])
    .toSorted(([left = '', one = ''], [right = '', other = '']) =>
      left === right ? compare(one, other) : compare(left, right),
    )
    .map((pair) => pair.join('='))
    .join('&')
  const lines = signed.map(([name, value]) => `${name}:${value}\n`).join('')
  // Encoded once more: S3 alone takes the path as it is sent.
  const path = url.pathname.split('/').map(encode).join('/')
  const canonical = [method, path, query, lines, names, sha256(body)].join('\n')
  return { canonical, names }
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}

/** As RFC 3986 has it, which leaves less as it is than `encodeURIComponent`. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
