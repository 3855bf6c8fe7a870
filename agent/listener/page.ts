/** An answer of the listener before it is written. */
import type { RawExchange } from '../../core/http/exchange.ts'

export interface Page {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[]>>
  readonly body: Buffer
  /** Runs once the answer has been sent. */
  readonly after?: () => void
}

export function emptyPage(status: number, headers: Page['headers'] = {}): Page {
  return { status, headers, body: Buffer.alloc(0) }
}

export function textPage(status: number, type: string, text: string): Page {
  return { status, headers: { 'content-type': type }, body: Buffer.from(text) }
}

/** As Vault words its errors. */
export function errorPage(status: number, ...errors: readonly string[]): Page {
  return textPage(status, 'application/json', `${JSON.stringify({ errors })}\n`)
}

export function jsonPage(status: number, value: unknown): Page {
  return textPage(status, 'application/json', JSON.stringify(value))
}

/** A store's answer as it came, without what concerns only the connection it came over. */
export function answerPage({ status, headers, body }: RawExchange): Page {
  return { status, headers: Object.fromEntries(endToEnd(headers)), body }
}

/** Source: RFC 9110 §7.6.1; the length is that of what is written. */
const hopByHop = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

type Headers = Readonly<Record<string, string | string[] | undefined>>

/** The headers that go on to the other side. */
export function endToEnd(headers: Headers): readonly (readonly [string, string | string[]])[] {
  const named = String(headers['connection'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
  return Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || hopByHop.has(name) || named.includes(name)
      ? []
      : [[name, value] as const],
  )
}
