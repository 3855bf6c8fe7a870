/** Kept answers with their leases: bounded, and found again by what ends them. */

import type { RawExchange } from '../../core/http/exchange.ts'
import type { Secret } from '../../core/secret.ts'
import type { Grant } from './lease-grant.ts'

export interface LeaseEntry {
  readonly key: string
  /** Of the request; undefined for a login. */
  readonly token: Secret | undefined
  readonly namespace: string
  /** As the store reads it. */
  readonly path: string
  readonly answer: RawExchange
  readonly grant: Grant
  /** Milliseconds since the epoch. */
  readonly storedAt: number
  /** From then on it is not given out. */
  endsAt: number
  /** Aborts when the entry is dropped. */
  readonly dropped: AbortController
}

/** Which entries end. */
export type Selection =
  | { readonly kind: 'all' }
  /** What the token asked for, with its children's unless they are to live on, and the answer that gave it out. */
  | { readonly kind: 'token'; readonly token: string; readonly children: boolean }
  | { readonly kind: 'accessor'; readonly accessor: string }
  | { readonly kind: 'lease'; readonly leaseId: string; readonly namespace: string }
  | { readonly kind: 'lease_prefix'; readonly prefix: string; readonly namespace: string }
  | { readonly kind: 'path'; readonly path: string; readonly namespace: string }

export interface StoreBounds {
  readonly entries: number
  readonly bytes: number
}

export class LeaseStore {
  readonly #bounds: StoreBounds
  readonly #entries = new Map<string, LeaseEntry>()
  #bytes = 0

  constructor(bounds: StoreBounds) {
    this.#bounds = bounds
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: string, now: number): LeaseEntry | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined || entry.endsAt > now) return entry
    this.drop(entry)
    return undefined
  }

  /** Drops the oldest where there is no room. */
  add(entry: LeaseEntry): void {
    const earlier = this.#entries.get(entry.key)
    if (earlier !== undefined) this.drop(earlier)
    this.#entries.set(entry.key, entry)
    this.#bytes += entry.answer.body.length
    for (const oldest of this.#entries.values()) {
      if (this.#entries.size <= this.#bounds.entries && this.#bytes <= this.#bounds.bytes) break
      this.drop(oldest)
    }
  }

  drop(entry: LeaseEntry): void {
    if (this.#entries.get(entry.key) !== entry) return
    this.#entries.delete(entry.key)
    this.#bytes -= entry.answer.body.length
    entry.dropped.abort()
  }

  evict(selection: Selection): void {
    for (const entry of this.#select(selection)) this.drop(entry)
  }

  /** Whether a kept answer gave out that token. */
  gaveOut(token: string): boolean {
    return this.#filter(({ grant }) => grant.kind === 'token' && grant.token === token).length > 0
  }

  #select(selection: Selection): readonly LeaseEntry[] {
    switch (selection.kind) {
      case 'all':
        return [...this.#entries.values()]
      case 'token':
        return [...this.#ofToken(selection.token, selection.children, new Set())]
      case 'accessor':
        return this.#ofAccessor(selection.accessor)
      case 'lease':
        return this.#filter(
          ({ grant, namespace }) =>
            grant.kind === 'lease' &&
            grant.leaseId === selection.leaseId &&
            namespace === selection.namespace,
        )
      case 'lease_prefix':
        return this.#filter(({ grant, namespace, path }) => {
          const name = grant.kind === 'lease' ? grant.leaseId : path.replace(/^\/v1\//, '')
          return namespace === selection.namespace && name.startsWith(selection.prefix)
        })
      case 'path':
        return this.#filter(
          ({ path, namespace }) =>
            path.startsWith(selection.path) && namespace === selection.namespace,
        )
    }
  }

  #ofAccessor(accessor: string): readonly LeaseEntry[] {
    return this.#filter(
      ({ grant }) => grant.kind === 'token' && grant.accessor === accessor,
    ).flatMap(({ grant }) =>
      grant.kind === 'token' ? [...this.#ofToken(grant.token, true, new Set())] : [],
    )
  }

  #ofToken(token: string, children: boolean, found: Set<LeaseEntry>): ReadonlySet<LeaseEntry> {
    for (const entry of this.#entries.values()) {
      const { grant } = entry
      if (grant.kind === 'token' && grant.token === token) found.add(entry)
      if (entry.token?.reveal() !== token || found.has(entry)) continue
      if (grant.kind === 'token' && (grant.orphan || !children)) continue
      found.add(entry)
      if (grant.kind === 'token') this.#ofToken(grant.token, true, found)
    }
    return found
  }

  #filter(test: (entry: LeaseEntry) => boolean): readonly LeaseEntry[] {
    return [...this.#entries.values()].filter(test)
  }
}
