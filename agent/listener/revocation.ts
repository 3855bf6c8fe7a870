/** Which kept answers a caller's request ends, once the store has done what it asks. */
import { parseJson } from '../../core/json.ts'
import { plainPath } from './caller-request.ts'
import type { Selection } from './lease-store.ts'

export interface DoneRequest {
  readonly method: string
  readonly path: string
  readonly body: Buffer
  /** As it was sent to the store. */
  readonly token: string | undefined
  readonly namespace: string
}

/** Source: the revocation endpoints of https://developer.hashicorp.com/vault/api-docs/auth/token and /system/leases. */
export function revokedBy({
  method,
  path,
  body,
  token,
  namespace,
}: DoneRequest): Selection | undefined {
  if (method !== 'PUT' && method !== 'POST') return undefined
  const place = plainPath(path)
  const field = (name: string) => readField(body, name)
  const tokenPlace = /\/auth\/token\/(revoke(?:-self|-orphan|-accessor)?)$/.exec(place)?.[1]
  switch (tokenPlace) {
    case 'revoke-self':
      return ofToken(token)
    case 'revoke':
      return ofToken(field('token'))
    case 'revoke-orphan':
      return ofToken(field('token'), false)
    case 'revoke-accessor': {
      const accessor = field('accessor')
      return accessor === undefined ? undefined : { kind: 'accessor', accessor }
    }
  }
  const [, prefix] = /\/sys\/(?:leases\/)?revoke-(?:prefix|force)\/(.+)$/.exec(place) ?? []
  if (prefix !== undefined) return { kind: 'lease_prefix', prefix, namespace }
  const [whole, named] = /\/sys\/(?:leases\/)?revoke(?:\/(.+))?$/.exec(place) ?? []
  if (whole === undefined) return undefined
  const leaseId = named ?? field('lease_id')
  return leaseId === undefined ? undefined : { kind: 'lease', leaseId, namespace }
}

function ofToken(token: string | undefined, children = true): Selection | undefined {
  return token === undefined ? undefined : { kind: 'token', token, children }
}

function readField(body: Buffer, name: string): string | undefined {
  try {
    const parsed = parseJson(body.toString('utf8'))
    const value = parsed instanceof Map ? parsed.get(name) : undefined
    return typeof value === 'string' && value !== '' ? value : undefined
  } catch {
    return undefined
  }
}
