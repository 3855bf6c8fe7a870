/** Requests to the Kubernetes API with the credentials of a kubeconfig. Raw objects, because the webhook's code judges them as they are. */
import { once } from 'node:events'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { type RequestOptions, request as requestHttps } from 'node:https'
import type { KubeConfig } from '@kubernetes/client-node'
import { AppError } from '../../core/errors.ts'
import type { Answer } from './cluster.ts'
import { describeUnreachable } from './refusal.ts'

const deadlineMs = 30_000
/** Of one answer; lists come in pages of 500. */
const byteLimit = 64 * 2 ** 20

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH'
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: object
  readonly contentType?: string
}

/** Any status is an answer. Throws `kubernetes_unreachable`, and `config_invalid` for credentials that cannot be had. */
export async function ask(config: KubeConfig, asked: ApiRequest): Promise<Answer> {
  const server = config.getCurrentCluster()?.server ?? ''
  const options: RequestOptions = {
    method: asked.method,
    signal: AbortSignal.timeout(deadlineMs),
    headers: { accept: 'application/json' },
  }
  await addCredentials(config, options)
  const url = new URL(`${server.replace(/\/+$/, '')}${asked.path}`)
  url.search = new URLSearchParams(asked.query ?? {}).toString()
  const text = asked.body === undefined ? undefined : JSON.stringify(asked.body)
  const type = text === undefined ? {} : { 'content-type': asked.contentType ?? 'application/json' }
  try {
    const send = url.protocol === 'http:' ? requestHttp : requestHttps
    const outgoing = send(url, { ...options, headers: { ...options.headers, ...type } })
    outgoing.end(text)
    const [response] = await once(outgoing, 'response')
    return await readAnswer(response)
  } catch (thrown) {
    throw describeUnreachable(thrown, server)
  }
}

/** Throws `config_invalid`: programs that kubeconfigs name may fail in many ways, and what they print may be secret. */
export async function addCredentials(config: KubeConfig, options: RequestOptions): Promise<void> {
  try {
    await config.applyToHTTPSOptions(options)
  } catch (thrown) {
    const cluster = config.getCurrentCluster()
    const isPlain = cluster?.server.startsWith('http:') === true && !cluster.skipTLSVerify
    const reason = isPlain
      ? 'its server is http://, which takes insecure-skip-tls-verify: true'
      : 'the credentials of the context cannot be had'
    const context = config.getCurrentContext()
    throw new AppError('config_invalid', { context, reason }, { cause: thrown })
  }
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response) {
    chunks.push(chunk)
    length += chunk.length
    if (length > byteLimit) throw new RangeError('the answer is too long')
  }
  return { status: response.statusCode ?? 0, body: parse(Buffer.concat(chunks).toString('utf8')) }
}

/** Refusals of proxies are no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
