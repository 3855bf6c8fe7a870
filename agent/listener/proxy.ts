/** Passes requests on to the store, with the agent's token where that is wanted. */
import { AppError } from '../../core/errors.ts'
import type { RawExchange } from '../../core/http/exchange.ts'
import { errorFields } from '../../core/log.ts'
import { version } from '../../core/version.ts'
import type { ProxyConfig } from '../config/listener-config.ts'
import type { CallerRequest } from './caller-request.ts'
import type { CacheAnswer, LeaseCache } from './lease-cache.ts'
import { hideToken, tellsToken } from './own-token.ts'
import { answerPage, endToEnd, errorPage, type Page } from './page.ts'
import type { ListenerServices } from './services.ts'
import type { StoreRequest } from './store-send.ts'

/** `signal` aborts when the caller goes away. */
export type Forward = (request: CallerRequest, signal: AbortSignal) => Promise<Page>

/** Never rejects: a store that does not answer is a 500, as Vault Agent answers. */
export function createProxy(services: ListenerServices, cache: LeaseCache | undefined): Forward {
  const { metrics, logger } = services
  return async (caller, signal) => {
    const own = services.token()?.reveal()
    const request = toStore(caller, own, services)
    try {
      const exchanged =
        cache === undefined
          ? { answer: await services.send(request, signal), ageMs: undefined }
          : await cache.exchange(request)
      return report(exchanged, { request, own, services, cached: cache !== undefined })
    } catch (thrown) {
      metrics.count('proxyError')
      logger.warn('proxied request failed', errorFields(withoutPath(thrown)))
      return errorPage(500, 'failed to get the response from the store')
    }
  }
}

interface Context {
  readonly request: StoreRequest
  readonly own: string | undefined
  readonly services: ListenerServices
  readonly cached: boolean
}

function report({ answer, ageMs }: CacheAnswer, context: Context): Page {
  const { request, own, services, cached } = context
  const { metrics, proxy, tokenRefused } = services
  const usedOwn = own !== undefined && request.headers['x-vault-token'] === own
  const token = services.token()
  if (usedOwn && isDead(answer) && token?.reveal() === own) tokenRefused?.(token)
  const shown = usedOwn && proxy.useAutoAuthToken !== 'no' ? hideToken(answer, own) : answer
  const page = answerPage(shown)
  if (answer.status >= 400) {
    metrics.count('proxyClientError')
    return page
  }
  metrics.count('proxySuccess')
  if (cached) metrics.count(ageMs === undefined ? 'cacheMiss' : 'cacheHit')
  const marks =
    ageMs === undefined
      ? { 'x-cache': 'MISS' }
      : { 'x-cache': 'HIT', age: String(Math.max(0, Math.floor(ageMs / 1000))) }
  return { ...page, headers: { ...page.headers, ...marks } }
}

function isDead({ status, body }: RawExchange): boolean {
  return status === 403 && body.includes('invalid token')
}

/** A caller's path may hold a token, as that of an old `auth/token/lookup/:token`. */
function withoutPath(thrown: unknown): unknown {
  if (!(thrown instanceof AppError)) return thrown
  const { path: _path, ...facts } = thrown.facts
  return new AppError(thrown.code, facts, { cause: thrown })
}

/** Not passed on: answers are looked into, so they must come as they are; the rest is made anew. */
const ownHeaders = new Set([
  'accept-encoding',
  'expect',
  'host',
  'user-agent',
  'x-vault-namespace',
  'x-vault-request',
  'x-vault-token',
])

function toStore(
  { method, path, search, headers, body }: CallerRequest,
  own: string | undefined,
  { proxy, namespace }: ListenerServices,
): StoreRequest {
  const token = chooseToken(headers, proxy, own)
  const usesOwn = own !== undefined && token === own
  const kept = endToEnd(headers).flatMap(([name, value]) => {
    if (ownHeaders.has(name)) return []
    // What is a token goes on in one header only, so that nothing is left for the store to choose.
    if (name === 'authorization' && bearer(headers) !== undefined) return []
    if (name === 'x-vault-wrap-ttl' && usesOwn && tellsToken(path)) return []
    return [[name, String(value)] as const]
  })
  const within = chooseNamespace(headers['x-vault-namespace'], proxy, namespace)
  return {
    method,
    target: `${path}${search}`,
    headers: {
      ...Object.fromEntries(kept),
      'user-agent': `claviger-agent/${version} (proxying) ${headers['user-agent'] ?? ''}`.trim(),
      'x-vault-request': 'true',
      ...(token === undefined ? {} : { 'x-vault-token': token }),
      ...(within === undefined ? {} : { 'x-vault-namespace': within }),
    },
    ...(body.length === 0 ? {} : { body }),
  }
}

/** A caller's token in either header comes before the agent's, unless that is forced. */
function chooseToken(
  headers: CallerRequest['headers'],
  { useAutoAuthToken }: ProxyConfig,
  own: string | undefined,
): string | undefined {
  const given = headers['x-vault-token'] || bearer(headers)
  if (useAutoAuthToken === 'force') return own
  return useAutoAuthToken === 'yes' ? (given ?? own) : given
}

function bearer(headers: CallerRequest['headers']): string | undefined {
  return /^bearer +(.+)$/i.exec(headers['authorization'] ?? '')?.[1]
}

function chooseNamespace(
  given: string | undefined,
  { prependConfiguredNamespace }: ProxyConfig,
  configured: string | undefined,
): string | undefined {
  if (!prependConfiguredNamespace || configured === undefined) return given
  return [configured, given ?? ''].map((part) => part.replace(/^\/+|\/+$/g, '')).join('/')
}
