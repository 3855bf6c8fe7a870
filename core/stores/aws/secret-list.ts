/** Listings of Secrets Manager, and the versions of a secret. */
import type { JsonObject } from '../../json.ts'
import { capListing, createNameFilter, hasTags, knownBeginning } from '../name-filter.ts'
import type { ListEntry, Listing, ListQuery, VersionEntry } from '../store.ts'
import { objectsIn, textIn, textsIn, timeIn } from './answer.ts'
import { readPages } from './pages.ts'
import { regionOfSecret } from './secret-name.ts'
import type { CallService } from './service-client.ts'

/** What a filter may be. Source: the Secrets Manager API reference, `Filter`. */
const filterPattern = /^[\w :@/+=.-]+$/

/** The service narrows by the beginnings of names and one tag's key; what it leaves is looked at here. */
export async function listSecrets(
  call: CallService,
  query: ListQuery,
  signal?: AbortSignal,
): Promise<Listing> {
  const { tags = new Map(), limit } = query
  const isWanted = createNameFilter(query)
  const beginning = knownBeginning(query)
  const filters = [
    ...(!filterPattern.test(beginning) ? [] : [{ Key: 'name', Values: [beginning] }]),
    ...Array.from(tags.keys())
      .filter((key) => filterPattern.test(key))
      .slice(0, 1)
      .map((key) => ({ Key: 'tag-key', Values: [key] })),
  ]
  const input = { MaxResults: 100, ...(filters.length === 0 ? {} : { Filters: filters }) }
  const request = { operation: 'ListSecrets', input, path: beginning, signal }
  const entries: ListEntry[] = []
  for await (const secret of readPages({ call, request, member: 'SecretList' })) {
    const entry = toEntry(secret)
    if (entry.path !== '' && isWanted(entry.path) && hasTags(entry, query)) entries.push(entry)
    if (entries.length > limit) break
  }
  return capListing(entries, limit)
}

function toEntry(secret: JsonObject): ListEntry {
  const changedAt = timeIn(secret, 'LastChangedDate') ?? timeIn(secret, 'CreatedDate')
  const tags = objectsIn(secret, 'Tags').map(
    (tag) => [textIn(tag, 'Key') ?? '', textIn(tag, 'Value') ?? ''] as const,
  )
  return {
    path: textIn(secret, 'Name') ?? '',
    ...(changedAt === undefined ? {} : { changedAt }),
    tags: new Map(tags),
  }
}

/** Newest first. Those without a stage can be read until AWS removes them. */
export async function listVersions(
  call: CallService,
  { store, path, signal }: VersionsQuery,
): Promise<readonly VersionEntry[]> {
  const region = regionOfSecret(path, store)
  const input = { SecretId: path, IncludeDeprecated: true, MaxResults: 100 }
  const request = { operation: 'ListSecretVersionIds', input, path, region, signal }
  const versions: VersionEntry[] = []
  for await (const version of readPages({ call, request, member: 'Versions' })) {
    const createdAt = timeIn(version, 'CreatedDate')
    versions.push({
      version: textIn(version, 'VersionId') ?? '',
      ...(createdAt === undefined ? {} : { createdAt }),
      labels: textsIn(version, 'VersionStages'),
      state: 'enabled',
    })
  }
  return versions.toSorted(
    (left, right) => (right.createdAt ?? 0) - (left.createdAt ?? 0) || rank(left) - rank(right),
  )
}

export interface VersionsQuery {
  readonly store: string
  readonly path: string
  readonly signal: AbortSignal | undefined
}

/** Of versions that were made within the same second. */
function rank({ labels }: VersionEntry): number {
  const at = ['AWSPENDING', 'AWSCURRENT', 'AWSPREVIOUS'].findIndex((stage) =>
    labels.includes(stage),
  )
  return at < 0 ? 3 : at
}
