/** One request to a collector of traces: one attempt, within its time. Source: OTLP/HTTP. */

import { readFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { AppError, systemCode } from '../errors.ts'
import { createExchange, type RawExchange } from '../http/exchange.ts'
import type { ProxyVariables } from '../http/proxy-variables.ts'
import type { Secret } from '../secret.ts'
import { readHeaderPairs, type TraceSettings } from './trace-settings.ts'

export interface CollectorPorts {
  readonly proxy: ProxyVariables
  readonly userAgent: string
  /** Ends the request early. */
  readonly signal?: AbortSignal
}

/** Undefined: it took them all. Else why not, in words of ours. Never rejects. */
export async function postSpans(
  settings: TraceSettings,
  body: Uint8Array,
  { proxy, userAgent, signal }: CollectorPorts,
): Promise<string | undefined> {
  try {
    const headers = { ...revealAll(settings), 'content-type': 'application/json' }
    const exchange = createExchange({
      tls: readMaterial(settings),
      skipVerify: false,
      timeoutMs: settings.timeoutMs,
      // A credential among the headers goes nowhere else.
      followRedirects: false,
      keepAlive: false,
      userAgent,
      proxy,
    })
    const request = { method: 'POST', url: settings.url, headers, body: toBuffer(body) }
    return judge(await exchange(request, signal))
  } catch (thrown) {
    return describe(thrown)
  }
}

/** Of files that are replaced the newest counts, so they are read each time. */
function revealAll({ headers, headersPath }: TraceSettings): Readonly<Record<string, string>> {
  const given = headersPath === undefined ? [] : readHeaderFile(headersPath)
  return Object.fromEntries(
    Array.from([...given, ...headers], ([name, secret]) => [name, secret.reveal()]),
  )
}

function readHeaderFile(path: string): Iterable<readonly [string, Secret]> {
  const headers = readHeaderPairs(readFile(path).toString('utf8'))
  if (headers === undefined) throw new Unusable(`${path} is no list of NAME=VALUE`)
  return headers
}

function readMaterial({ caPath, certPath, keyPath }: TraceSettings) {
  return {
    ...(caPath === undefined ? {} : { ca: readFile(caPath) }),
    ...(certPath === undefined ? {} : { cert: readFile(certPath) }),
    ...(keyPath === undefined ? {} : { key: readFile(keyPath) }),
  }
}

/** Its message may be told. */
class Unusable extends Error {}

function readFile(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (thrown) {
    throw new Unusable(`${path} cannot be read (${systemCode(thrown) ?? 'unknown'})`)
  }
}

function toBuffer(body: Uint8Array): Buffer {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength)
}

/** What a collector says besides its status is not repeated. */
function judge({ status, headers, body }: RawExchange): string | undefined {
  if (status < 200 || status > 299) return `status ${status}`
  const rejected = countRejected(headers, body)
  return rejected > 0 ? `${rejected} spans rejected` : undefined
}

function countRejected(headers: IncomingHttpHeaders, body: Buffer): number {
  if (headers['content-type']?.startsWith('application/json') !== true) return 0
  const match = /"rejectedSpans"\s*:\s*"?(\d{1,9})/.exec(body.toString('utf8'))
  return Number(match?.[1] ?? 0)
}

function describe(thrown: unknown): string {
  if (thrown instanceof Unusable) return thrown.message
  if (!(thrown instanceof AppError)) return systemCode(thrown) ?? 'internal'
  const { cause, reason } = thrown.facts
  return String(cause ?? reason ?? thrown.code)
}
