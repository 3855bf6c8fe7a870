/** HTTP for node-vault, over an exchange of ours. */
import { systemClock } from '../clock.ts'
import { createExchange, type ExchangeOptions } from '../http/exchange.ts'
import { parseRetryAfter } from '../http/retry-after.ts'

export { type ProxyVariables, pickProxy } from '../http/proxy-variables.ts'

/** What Vault answered, before anybody looks into it. */
export interface RawAnswer {
  readonly status: number
  readonly text: string
  readonly retryAfterMs: number | undefined
}

/** What node-vault hands to its request function. */
export interface VaultRequest {
  readonly uri: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  /** The body, already serialized. */
  readonly json?: string
}

/** What node-vault expects back; `statusCode` and `request.path` are all it looks at. */
export interface VaultResponse {
  readonly statusCode: number
  readonly body: RawAnswer
  readonly request: { readonly path: string }
}

export type VaultTransport = (request: VaultRequest) => Promise<VaultResponse>

export type TransportOptions = ExchangeOptions

/** A transport with its own connections; errors are `store_unreachable`, `store_answer_invalid` and `tls_invalid`. */
export function createTransport(options: TransportOptions): VaultTransport {
  const exchange = createExchange(options)
  const { clock = systemClock } = options
  return async ({ uri, method, headers, json }) => {
    const content =
      json === undefined
        ? { headers }
        : {
            headers: { ...headers, 'content-type': 'application/json' },
            body: Buffer.from(json),
          }
    const { status, headers: answered, body } = await exchange({ method, url: uri, ...content })
    const retryAfterMs = parseRetryAfter(answered['retry-after'], clock.now())
    return {
      statusCode: status,
      body: { status, text: body.toString('utf8'), retryAfterMs },
      request: { path: new URL(uri).pathname },
    }
  }
}
