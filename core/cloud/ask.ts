/** Requests to the services of a cloud that give out identities. */

import type { Environment } from '../environment.ts'
import { AppError } from '../errors.ts'
import { createExchange } from '../http/exchange.ts'
import { pickProxy } from '../http/proxy-variables.ts'

export interface Question {
  /** Default GET. */
  readonly method?: 'GET' | 'POST' | 'PUT'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** A service of the machine or the node, which no proxy can reach. */
  readonly isLocal?: boolean
}

/** The body of a good answer. Errors: `credentials_unavailable` with the address, and the status or the cause. */
export type Ask = (question: Question) => Promise<string>

/** These services answer at once or not at all. */
const timeoutMs = 10_000

export function createAsk(environment: Environment): Ask {
  // The store's own proxy is no way to a cloud.
  const proxy = Object.fromEntries(
    Object.entries(pickProxy(environment)).filter(([name]) => !name.startsWith('VAULT_')),
  )
  const common = { tls: {}, skipVerify: false, timeoutMs, followRedirects: false, keepAlive: false }
  const direct = createExchange(common)
  const outside = createExchange({ ...common, proxy })
  return async ({ method = 'GET', url, headers = {}, body, isLocal = false }) => {
    if (!URL.canParse(url)) throw unavailable({ reason: 'not an address' })
    const facts = { address: new URL(url).origin, path: new URL(url).pathname }
    const exchange = isLocal ? direct : outside
    const content = body === undefined ? {} : { body: Buffer.from(body) }
    const answer = await exchange({ method, url, headers, ...content }).catch((thrown: unknown) => {
      const { cause = 'failed' } = thrown instanceof AppError ? thrown.facts : {}
      throw unavailable({ ...facts, cause })
    })
    const { status } = answer
    if (status < 200 || status > 299) throw unavailable({ ...facts, status })
    return answer.body.toString('utf8')
  }
}

export const formType = { 'content-type': 'application/x-www-form-urlencoded' }
export const jsonType = { 'content-type': 'application/json' }

export function unavailable(facts: AppError['facts']): AppError {
  return new AppError('credentials_unavailable', facts)
}
