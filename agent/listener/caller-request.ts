/** A caller's request, read and made safe to pass on. */
import type { IncomingMessage } from 'node:http'

export interface CallerRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** With its question mark; empty without one. */
  readonly search: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** Everything but the body; undefined for a target that is no path, or one that a server may take for another path. */
export function readHead(request: IncomingMessage): Omit<CallerRequest, 'body'> | undefined {
  const { url = '', headers } = request
  const end = url.indexOf('?')
  const path = end < 0 ? url : url.slice(0, end)
  if (!path.startsWith('/') || !isPlain(path)) return undefined
  const search = end < 0 ? '' : url.slice(end)
  const flat = Object.entries(headers).map(([name, value]) => [name, String(value)] as const)
  return { ...readMethod(request.method ?? '', search), path, headers: Object.fromEntries(flat) }
}

/**
 * LIST comes as LINK (`list-method.ts`). It goes on as Vault's own client sends it, which every server understands.
 * Source: api/logical.go of Vault.
 */
function readMethod(method: string, search: string): Pick<CallerRequest, 'method' | 'search'> {
  if (method !== 'LINK') return { method, search }
  return { method: 'GET', search: search === '' ? '?list=true' : `${search}&list=true` }
}

function isPlain(path: string): boolean {
  try {
    return path
      .split('/')
      .map(decodeURIComponent)
      .every((segment) => segment !== '.' && segment !== '..')
  } catch {
    return false
  }
}

/** `path` as the store reads it: decoded, without doubled slashes and one at its end. */
export function plainPath(path: string): string {
  return decodeURIComponent(path)
    .replace(/\/{2,}/g, '/')
    .replace(/\/$/, '')
}

/** Bytes that all requests together may hold. */
export interface Budget {
  /** False, without any change, when these are too many. */
  readonly take: (bytes: number) => boolean
  readonly give: (bytes: number) => void
}

export function createBudget(limit: number): Budget {
  let held = 0
  return {
    take: (bytes) => {
      if (held + bytes > limit) return false
      held += bytes
      return true
    },
    give: (bytes) => {
      held -= bytes
    },
  }
}

export type BodyReading =
  | { readonly kind: 'body'; readonly body: Buffer }
  | { readonly kind: 'too_large' | 'no_room' }

/** At most `limit` bytes; the caller gives the body's bytes back to `budget`. Rejects when the peer goes away. */
export async function readBody(
  request: IncomingMessage,
  limit: number,
  budget: Budget,
): Promise<BodyReading> {
  const chunks: Buffer[] = []
  let size = 0
  let taken = 0
  let refused: 'too_large' | 'no_room' | undefined
  try {
    // What is refused is read to its end: a peer that is still sending would miss the answer.
    for await (const chunk of request) {
      size += chunk.length
      if (size > limit) refused = 'too_large'
      else if (refused === undefined && !budget.take(chunk.length)) refused = 'no_room'
      if (refused !== undefined) continue
      taken += chunk.length
      chunks.push(chunk)
    }
  } catch (thrown) {
    budget.give(taken)
    throw thrown
  }
  if (refused === undefined) return { kind: 'body', body: Buffer.concat(chunks) }
  budget.give(taken)
  return { kind: refused }
}
