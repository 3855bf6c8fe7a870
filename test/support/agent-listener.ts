/** An open listener over a scripted store. */
import { once } from 'node:events'
import { type IncomingHttpHeaders, request } from 'node:http'
import type { ListenerConfig } from '../../agent/config/listener-config.ts'
import { type Listeners, openListeners } from '../../agent/listener/listeners.ts'
import type { ListenerServices } from '../../agent/listener/services.ts'
import type { StoreRequest } from '../../agent/listener/store-send.ts'
import type { AgentStatus } from '../../agent/plan/status.ts'
import { createMetrics } from '../../agent/telemetry/metrics.ts'
import { systemClock } from '../../core/clock.ts'
import type { RawExchange } from '../../core/http/exchange.ts'
import { createLogger } from '../../core/log.ts'
import { Secret } from '../../core/secret.ts'

export const ownToken = 'hvs.agent'

export const listenerConfig: ListenerConfig = {
  address: { kind: 'tcp', host: '127.0.0.1', port: 0 },
  tls: undefined,
  role: 'default',
  requireRequestHeader: false,
  enableQuit: false,
}

export const idleStatus: AgentStatus = {
  ready: true,
  session: undefined,
  loginFailure: undefined,
  secrets: [],
  stores: [],
  files: [],
}

export interface TestListener {
  readonly listeners: Listeners
  readonly address: string
  /** What reached the store. */
  readonly sent: readonly StoreRequest[]
  readonly log: readonly string[]
  readonly ask: (path: string, options?: Ask) => Promise<Reply>
}

export interface Ask {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

type Script = (request: StoreRequest, count: number) => RawExchange | Promise<RawExchange>

export function json(status: number, value: unknown): RawExchange {
  const headers = { 'content-type': 'application/json' }
  return { status, headers, body: Buffer.from(JSON.stringify(value)) }
}

export const metricsForTest = () =>
  createMetrics(
    {
      prometheusRetentionMs: undefined,
      prefix: 'vault',
      disableHostname: false,
      enableHostnameLabel: false,
    },
    { now: systemClock.now, memory: () => ({ heapUsed: 1, rss: 2 }), hostname: 'host' },
  )

/** `changes` replace services; the first of `configs` is the one that is asked. */
export async function openTestListener(
  script: Script,
  changes: Partial<ListenerServices> = {},
  configs: readonly ListenerConfig[] = [listenerConfig],
): Promise<TestListener> {
  const sent: StoreRequest[] = []
  const log: string[] = []
  const listeners = await openListeners(configs, {
    token: () => new Secret(ownToken),
    send: async (asked) => {
      sent.push(asked)
      return script(asked, sent.length)
    },
    proxy: { useAutoAuthToken: 'yes', prependConfiguredNamespace: false },
    namespace: undefined,
    caching: false,
    status: () => idleStatus,
    metrics: metricsForTest(),
    quit: () => undefined,
    logger: createLogger({
      level: 'trace',
      format: 'json',
      write: (line) => log.push(line),
      now: () => 0,
    }),
    clock: systemClock,
    ...changes,
  })
  const [address = ''] = listeners.addresses
  return { listeners, address, sent, log, ask: (path, options) => askAt(address, path, options) }
}

/** `address` is `host:port` or the path of a socket. */
export async function askAt(address: string, path: string, options: Ask = {}): Promise<Reply> {
  const { method = 'GET', headers = {}, body } = options
  const [host = '', port = ''] = address.split(':')
  const place = address.startsWith('/') ? { socketPath: address } : { host, port }
  const outgoing = request({ ...place, path, method, headers: { connection: 'close', ...headers } })
  outgoing.end(body)
  const [response] = await once(outgoing, 'response')
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text += chunk
  return { status: response.statusCode, headers: response.headers, body: text }
}
