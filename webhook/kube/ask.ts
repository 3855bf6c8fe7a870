/** One request to the Kubernetes API over node:https, for what the official client does not do well. */
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { RequestOptions } from 'node:https'
import { request } from 'node:https'
import type { KubeConfig } from '@kubernetes/client-node'
import { AppError, toAppError } from '../../core/errors.ts'

export interface Question {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly accept: string
  /** JSON. */
  readonly body?: string
  readonly signal: AbortSignal
  /** Of the connection, after which it is given up. */
  readonly silenceMs: number
}

/** A status that is no success. */
export class Refusal extends Error {
  readonly status: number

  constructor(status: number) {
    super(`status ${status}`)
    this.status = status
  }
}

/** Neither bodies nor messages of others leave here: everything thrown becomes `kubernetes_refused`. */
export async function report<T>(operation: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    if (thrown instanceof Refusal) {
      throw new AppError('kubernetes_refused', { operation, status: thrown.status })
    }
    throw toAppError(thrown, 'kubernetes_refused', { operation })
  }
}

/** Rejects with a Refusal unless the status is 200 or 201. */
export async function ask(config: KubeConfig, question: Question): Promise<IncomingMessage> {
  const { method, path, query = {}, accept, body, signal } = question
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  const options: RequestOptions = { method, headers: { accept, ...type }, signal }
  // CA, and the token of the ServiceAccount as it is now.
  await config.applyToHTTPSOptions(options)
  const url = new URL(`${config.getCurrentCluster()?.server}${path}`)
  url.search = new URLSearchParams(query).toString()
  const outgoing = request(url, options)
  outgoing.setTimeout(question.silenceMs, () => outgoing.destroy(new Error('silent')))
  outgoing.end(body)
  const [answer] = await once(outgoing, 'response')
  const response: IncomingMessage = answer
  const { statusCode = 0 } = response
  if (statusCode === 200 || statusCode === 201) return response
  response.destroy()
  throw new Refusal(statusCode)
}
