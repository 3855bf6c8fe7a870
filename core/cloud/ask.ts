/** Requests to the services of a cloud that give out identities. */

import type { Environment } from '../environment.ts'
import { AppError } from '../errors.ts'
import { createExchange, type ExchangeOptions } from '../http/exchange.ts'
import { pickCommonProxy } from '../http/proxy-variables.ts'

export interface Question {
  /** Default GET. */
  readonly method?: 'GET' | 'POST' | 'PUT'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** A service of the machine or the node, which no proxy can reach. */
  readonly isLocal?: boolean
  /** One word out of the body of a bad answer that says why; nothing of it may be secret. */
  readonly reasonOf?: (body: string) => string | undefined
}

/** The body of a good answer. Errors: `credentials_unavailable` with the address, and the status or the cause. */
export type Ask = (question: Question) => Promise<string>

/** These services answer at once or not at all. */
const timeoutMs = 10_000

/** `tls` has the authorities that services outside are verified by; default: Node's own. */
export function createAsk(
  environment: Environment,
  { tls, renewTls }: Pick<ExchangeOptions, 'tls' | 'renewTls'> = { tls: {} },
): Ask {
  const proxy = pickCommonProxy(environment)
  const common = { skipVerify: false, timeoutMs, followRedirects: false, keepAlive: false }
  const direct = createExchange({ ...common, tls: {} })
  const authorities = renewTls === undefined ? { tls } : { tls, renewTls }
  const outside = createExchange({ ...common, ...authorities, proxy })
  return async ({ method = 'GET', url, headers = {}, body, isLocal = false, reasonOf }) => {
    if (!URL.canParse(url)) throw unavailable({ reason: 'not an address' })
    const facts = { address: new URL(url).origin, path: new URL(url).pathname }
    const exchange = isLocal ? direct : outside
    const content = body === undefined ? {} : { body: Buffer.from(body) }
    const answer = await exchange({ method, url, headers, ...content }).catch((thrown: unknown) => {
      const { cause = 'failed' } = thrown instanceof AppError ? thrown.facts : {}
      throw unavailable({ ...facts, cause })
    })
    const { status } = answer
    const text = answer.body.toString('utf8')
    if (status >= 200 && status <= 299) return text
    const reason = reasonOf?.(text)
    throw unavailable({ ...facts, status, ...(reason === undefined ? {} : { reason }) })
  }
}

export const formType = { 'content-type': 'application/x-www-form-urlencoded' }
export const jsonType = { 'content-type': 'application/json' }

export function unavailable(facts: AppError['facts']): AppError {
  return new AppError('credentials_unavailable', facts)
}
