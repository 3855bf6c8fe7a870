/** Lists of secrets and of a secret's versions, which need the permission `list`. */
import type { JsonObject } from '../../json.ts'
import { capListing, createNameFilter, hasTags } from '../name-filter.ts'
import type { ListEntry, Listing, ListQuery, VersionEntry } from '../store.ts'
import type { Vault, VaultCall } from './api.ts'
import { readAttributes, readId, toVaultName } from './secret-bundle.ts'
import { readTags } from './secret-value.ts'

export interface ListOptions {
  readonly store: string
  readonly signal: AbortSignal | undefined
}

/** Names are as Key Vault has them; `_` in what is asked for stands for `-`, as in paths. */
export async function listSecrets(
  vault: Vault,
  { prefix = '', glob, tags = new Map(), limit }: ListQuery,
  { store, signal }: ListOptions,
): Promise<Listing> {
  const fits = createNameFilter({
    prefix: prefix.replaceAll('_', '-'),
    ...(glob === undefined ? {} : { glob: glob.replaceAll('_', '-') }),
  })
  const facts = { store }
  const entries: ListEntry[] = []
  const call = { method: 'GET', resource: '/secrets', permission: 'list', facts } as const
  for await (const page of pagesOf(vault, call, signal)) {
    const all = page.map((item): ListEntry => {
      const { updatedAt } = readAttributes(item)
      const changed = updatedAt === undefined ? {} : { changedAt: updatedAt }
      return { path: readId(item, facts).name, tags: readTags(item), ...changed }
    })
    entries.push(...all.filter((entry) => fits(entry.path) && hasTags(entry, { tags })))
    if (entries.length > limit) break
  }
  return capListing(entries, limit)
}

/** Newest first. */
export async function listVersions(
  vault: Vault,
  path: string,
  { store, signal }: ListOptions,
): Promise<readonly VersionEntry[]> {
  const facts = { store, path }
  const resource = `/secrets/${toVaultName(path, store)}/versions`
  const entries: VersionEntry[] = []
  const call = { method: 'GET', resource, permission: 'list', facts } as const
  for await (const page of pagesOf(vault, call, signal)) {
    for (const item of page) {
      const { createdAt, isEnabled } = readAttributes(item)
      entries.push({
        version: readId(item, facts).version ?? '',
        ...(createdAt === undefined ? {} : { createdAt }),
        labels: [],
        state: isEnabled ? 'enabled' : 'disabled',
      })
    }
  }
  return entries.toSorted((left, right) => (right.createdAt ?? 0) - (left.createdAt ?? 0))
}

/** As many as a page may hold. */
const pageSize = '25'

async function* pagesOf(
  vault: Vault,
  call: VaultCall,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly JsonObject[]> {
  let next: VaultCall | undefined = { ...call, query: { maxresults: pageSize } }
  while (next !== undefined) {
    const page: JsonObject = await vault.call(next, signal)
    const items = page.get('value')
    yield Array.isArray(items) ? items.filter((item) => item instanceof Map) : []
    const link = page.get('nextLink')
    next = typeof link === 'string' && link !== '' ? { ...call, resource: link } : undefined
  }
}
