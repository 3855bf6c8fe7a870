/** How a profile talks HTTP: the default one takes what the API server sends, the stock one whatever vault-k8s took. */
import type { IncomingHttpHeaders } from 'node:http'
import { formatDenial } from '../inject/mutate.ts'
import type { Problem } from '../inject/problem.ts'
import type { Refusal } from './refusal.ts'
import type { FormatDenial, ReviewReading } from './review.ts'
import { readStockReview } from './stock-review.ts'
import { readStrictReview } from './strict-review.ts'

export interface RequestHead {
  readonly method: string
  readonly headers: IncomingHttpHeaders
}

export interface Dialect {
  /** Undefined when the body is to be read. */
  readonly checkHead: (head: RequestHead) => Refusal | undefined
  readonly readReview: (body: Buffer) => ReviewReading
  readonly formatDenial: FormatDenial
  /** The content type of an answered review. */
  readonly reviewType: string
  readonly errorHeaders: Readonly<Record<string, string>>
  readonly notFound: string
  /** Whether clients may speak HTTP/2. The API server never does with a Service, and it is much to attack. */
  readonly http2: boolean
}

export const strictDialect: Dialect = {
  checkHead: ({ method, headers }) => {
    if (method !== 'POST') {
      return { status: 405, reason: 'method not allowed', headers: { Allow: 'POST' } }
    }
    if (!isJson(headers['content-type'])) {
      return { status: 415, reason: 'the content type is not application/json' }
    }
    const encoding = headers['content-encoding'] ?? 'identity'
    if (encoding.toLowerCase() !== 'identity') {
      return { status: 415, reason: 'the body is compressed' }
    }
    return undefined
  },
  readReview: readStrictReview,
  formatDenial: ({ issues }) => formatDenial(issues),
  reviewType: 'application/json',
  errorHeaders: {},
  notFound: 'not found',
  http2: false,
}

/** Source: vault-k8s 1.7.6, the handler, on Go's net/http. */
export const stockDialect: Dialect = {
  checkHead: ({ headers }) => {
    const type = headers['content-type'] ?? ''
    if (type === 'application/json') return undefined
    const text = `Invalid content-type: ${quote(type)}`
    return { status: 400, reason: 'the content type is not application/json', text }
  },
  readReview: (body) =>
    body.length > 0
      ? readStockReview(body)
      : { kind: 'malformed', status: 400, reason: 'the body is empty', text: 'Empty request body' },
  formatDenial: ({ reason, issues }) =>
    reason === 'system_namespace' ? formatSystemNamespace(issues) : formatDenial(issues),
  reviewType: 'text/plain; charset=utf-8',
  errorHeaders: { 'X-Content-Type-Options': 'nosniff' },
  notFound: '404 page not found',
  http2: true,
}

/** In vault-k8s' own words, behind which there is nothing to add. */
function formatSystemNamespace([issue]: readonly Problem[]): string {
  return `error with request namespace: cannot inject into system namespaces: ${issue?.got ?? ''}`
}

/** By the name of the profile. */
export function chooseDialect(profile: string): Dialect {
  return profile === 'vault-k8s' ? stockDialect : strictDialect
}

function isJson(contentType = ''): boolean {
  const [type = '', ...parameters] = contentType.toLowerCase().split(';')
  return (
    type.trim() === 'application/json' &&
    parameters.every((parameter) => /^(charset\s*=\s*"?utf-?8"?)?$/.test(parameter.trim()))
  )
}

/** As Go quotes a header, cut to what a media type can be; Node.js gives the bytes as Latin-1. */
function quote(header: string): string {
  return JSON.stringify(Buffer.from(header.slice(0, 200), 'latin1').toString('utf8'))
}
