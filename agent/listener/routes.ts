/** Which answer belongs to which path of a listener. */
import type { ListenerConfig } from '../config/listener-config.ts'
import { prometheusType } from '../telemetry/prometheus-format.ts'
import { clearCache } from './cache-clear.ts'
import type { CallerRequest } from './caller-request.ts'
import { healthPage, readinessPage } from './health.ts'
import type { LeaseCache } from './lease-cache.ts'
import { emptyPage, errorPage, type Page, textPage } from './page.ts'
import type { Forward } from './proxy.ts'
import type { ListenerServices } from './services.ts'

export interface Routes {
  readonly services: ListenerServices
  readonly forward: Forward
  readonly cache: LeaseCache | undefined
}

export type Respond = (request: CallerRequest, signal: AbortSignal) => Promise<Page>

const metricsPath = '/agent/v1/metrics'
const healthPaths = new Set(['/healthz', '/readyz'])

/** The paths of the agent itself; all others are the store's. Statuses: those of Vault Agent. */
export function createRoutes(config: ListenerConfig, routes: Routes): Respond {
  const { forward } = routes
  const own = config.role === 'metrics_only' ? metricsOnly(routes) : ownPages(config, routes)
  return async (request, signal) => {
    if (config.role === 'metrics_only') return (own.get(request.path) ?? notFound)(request)
    const page = refuse(request, config) ?? own.get(request.path)?.(request)
    return page ?? forward(request, signal)
  }
}

type ShowPage = (request: CallerRequest) => Page
type Pages = ReadonlyMap<string, ShowPage>

function metricsOnly({ services }: Routes): Pages {
  return new Map([[metricsPath, (request: CallerRequest) => showMetrics(request, services)]])
}

function ownPages({ enableQuit }: ListenerConfig, routes: Routes): Pages {
  const { services, cache } = routes
  const quit = reply(['POST'], () => ({ ...emptyPage(200), after: services.quit }))
  return new Map<string, ShowPage>([
    ...metricsOnly(routes),
    ['/healthz', reply(['GET', 'HEAD'], healthPage)],
    ['/readyz', reply(['GET', 'HEAD'], ({ search }) => readinessPage(services.status(), search))],
    ['/agent/v1/cache-clear', reply(['POST', 'PUT'], ({ body }) => clearCache(cache, body))],
    ['/agent/v1/quit', enableQuit ? quit : () => emptyPage(404)],
  ])
}

function reply(methods: readonly string[], show: ShowPage): ShowPage {
  return (request) =>
    methods.includes(request.method) ? show(request) : emptyPage(405, { allow: methods.join(', ') })
}

function notFound(): Page {
  return textPage(404, 'text/plain; charset=utf-8', '404 page not found\n')
}

/** What is turned away whatever it asks for. The agent's own paths need no header, as with Vault Agent, nor does a probe of the kubelet. */
function refuse({ path, headers }: CallerRequest, config: ListenerConfig): Page | undefined {
  if (isForeign(headers)) return errorPage(403, 'requests of web pages are not served')
  const marked = headers['x-vault-request'] === 'true'
  const isOwn = healthPaths.has(path) || path.startsWith('/agent/v1/')
  if (!config.requireRequestHeader || marked || isOwn) return undefined
  return errorPage(412, 'missing "X-Vault-Request" header')
}

/** A web page of another origin: nothing in a pod sends these headers, and the agent's token is worth a forged request. */
function isForeign(headers: CallerRequest['headers']): boolean {
  const site = headers['sec-fetch-site']
  if (site === 'cross-site' || site === 'same-site') return true
  const origin = headers['origin']
  if (origin === undefined) return false
  return !URL.canParse(origin) || new URL(origin).host !== headers['host']
}

function showMetrics(
  { method, search, headers }: CallerRequest,
  { metrics, status }: ListenerServices,
): Page {
  if (method !== 'GET' && method !== 'HEAD') return errorPage(405)
  const accepted = headers['accept'] ?? ''
  const asked = new URLSearchParams(search).get('format') || undefined
  const format = asked ?? (accepted.includes('openmetrics-text') ? 'prometheus' : 'json')
  switch (format) {
    case 'json':
      return textPage(200, 'application/json', metrics.json(status()))
    case 'prometheus':
      return textPage(200, prometheusType, metrics.prometheus(status()))
    default:
      return textPage(400, 'text/plain', 'metric response format unknown')
  }
}
