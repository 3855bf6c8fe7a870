/** Which of a store's names a listing is about, for stores that cannot find that out themselves. */
import { AppError } from '../errors.ts'
import type { ListEntry, Listing, ListQuery } from './store.ts'

/** Whether a whole name fits prefix and glob. */
export function createNameFilter({
  prefix = '',
  glob,
}: Pick<ListQuery, 'prefix' | 'glob'>): (name: string) => boolean {
  const parts = glob?.split('*')
  return (name) => name.startsWith(prefix) && (parts === undefined || fits(name, parts))
}

/** Whether an entry has all the tags that are asked for. */
export function hasTags({ tags }: ListEntry, wanted: Pick<ListQuery, 'tags'>): boolean {
  return Array.from(wanted.tags ?? []).every(([key, value]) => tags?.get(key) === value)
}

/** Without regular expressions: a glob of many stars would take one forever. */
function fits(name: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts
  const last = rest.pop()
  if (last === undefined) return name === first
  if (!name.startsWith(first)) return false
  let at = first.length
  for (const part of rest) {
    const found = name.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return name.length - at >= last.length && name.endsWith(last)
}

/** What every name begins with that fits: a service that finds names by their beginning has less to say then. */
export function knownBeginning({ prefix = '', glob }: Pick<ListQuery, 'prefix' | 'glob'>): string {
  const [start = ''] = glob?.split('*') ?? []
  return start.startsWith(prefix) ? start : prefix
}

/** In the order of names. */
export function capListing(entries: readonly ListEntry[], limit: number): Listing {
  const sorted = entries.toSorted(({ path: left }, { path: right }) =>
    left < right ? -1 : left > right ? 1 : 0,
  )
  return { entries: sorted.slice(0, limit), isCapped: sorted.length > limit }
}

/** Errors: `input_invalid` where there are any. */
export function refuseTags({ tags = new Map() }: Pick<ListQuery, 'tags'>, store: string): void {
  if (tags.size > 0) {
    throw new AppError('input_invalid', { store, reason: 'this store has no tags' })
  }
}
