/** `/agent/v1/cache-clear`: drops kept answers by request path, lease, token or accessor. */
import { type JsonObject, parseJson } from '../../core/json.ts'
import type { LeaseCache } from './lease-cache.ts'
import type { Selection } from './lease-store.ts'
import { emptyPage, errorPage, type Page } from './page.ts'

/** 200 also where there is no cache or nothing to drop. Source: Vault Agent, statuses and texts included. */
export function clearCache(cache: LeaseCache | undefined, body: Buffer): Page {
  const request = parseRequest(body)
  if (request === undefined) return errorPage(400, 'failed to parse JSON input')
  const text = (name: string) => {
    const value = request.get(name)
    return typeof value === 'string' ? value : ''
  }
  const selection = select(text('type'), text('value'), text('namespace').replace(/^\/+|\/+$/g, ''))
  if (typeof selection === 'string') return errorPage(400, selection)
  if (cache !== undefined) cache.evict(selection)
  return emptyPage(200)
}

function select(type: string, value: string, namespace: string): Selection | string {
  if (type === 'all') return { kind: 'all' }
  if (!['request_path', 'lease', 'token', 'token_accessor'].includes(type)) {
    return 'failed to clear cache: invalid type provided'
  }
  if (value === '') return `failed to clear cache: ${type.replace('_', ' ')} not provided`
  switch (type) {
    case 'request_path':
      return { kind: 'path', path: value, namespace }
    case 'lease':
      return { kind: 'lease', leaseId: value, namespace }
    case 'token':
      return { kind: 'token', token: value, children: true }
    default:
      return { kind: 'accessor', accessor: value }
  }
}

function parseRequest(body: Buffer): JsonObject | undefined {
  try {
    const parsed = parseJson(body.toString('utf8'))
    return parsed instanceof Map ? parsed : undefined
  } catch {
    return undefined
  }
}
