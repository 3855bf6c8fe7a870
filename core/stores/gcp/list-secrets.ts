/** Lists of secrets and of a secret's versions. */
import type { Facts } from '../../errors.ts'
import type { JsonObject } from '../../json.ts'
import { capListing, createNameFilter, hasTags, knownBeginning } from '../name-filter.ts'
import type { ListEntry, Listing, ListQuery, VersionEntry } from '../store.ts'
import type { ManagerCall, SecretManager } from './api.ts'
import { readVersion, textOf } from './read-secret.ts'
import { requireSecret } from './secret-place.ts'

/** The most that fits into an answer of moderate size. */
const pageSize = '250'

/** Google narrows by labels and by a part of the name; what exactly fits is decided here. */
export async function listSecrets(
  manager: SecretManager,
  query: ListQuery,
  { store, signal }: ListOptions,
): Promise<Listing> {
  const fits = createNameFilter(query)
  const filter = describeFilter(query)
  const entries: ListEntry[] = []
  const call = {
    resource: `${await manager.parent()}/secrets`,
    query: filter === '' ? {} : { filter },
    facts: { store },
    member: 'secrets',
  }
  for await (const page of pagesOf(manager, call, signal)) {
    const fitting = page
      .flatMap(readEntry)
      .filter((entry) => fits(entry.path) && hasTags(entry, query))
    entries.push(...fitting)
    if (entries.length > query.limit) break
  }
  return capListing(entries, query.limit)
}

export interface ListOptions {
  readonly store: string
  readonly signal: AbortSignal | undefined
}

/** Source: https://cloud.google.com/secret-manager/docs/filtering. A value that would have to be quoted is left to us. */
function describeFilter(query: ListQuery): string {
  const beginning = knownBeginning(query)
  const name = /^[A-Za-z0-9_-]+$/.test(beginning) ? [`name:${beginning}`] : []
  const labels = Array.from(query.tags ?? [])
    .filter((pair) => pair.every((text) => /^[a-z0-9_-]+$/.test(text)))
    .map(([key, value]) => `labels.${key}=${value}`)
  return [...name, ...labels].join(' AND ')
}

function readEntry(secret: JsonObject): readonly ListEntry[] {
  const name = secret.get('name')
  const path = typeof name === 'string' ? name.slice(name.lastIndexOf('/') + 1) : ''
  return path === '' ? [] : [{ path, tags: textsOf(secret.get('labels')) }]
}

function textsOf(object: unknown): ReadonlyMap<string, string> {
  return new Map(
    object instanceof Map
      ? Array.from(object, ([key, value]) => [String(key), textOf(value) ?? ''] as const)
      : [],
  )
}

/** Newest first; the aliases of a version are its labels. */
export async function listVersions(
  manager: SecretManager,
  path: string,
  { store, signal }: ListOptions,
): Promise<readonly VersionEntry[]> {
  const facts = { store, path }
  const name = await manager.nameOf(requireSecret(path, store))
  const secret = await manager.call({ method: 'GET', resource: name, need: 'view', facts }, signal)
  const aliases = textsOf(secret.get('versionAliases'))
  const entries: VersionEntry[] = []
  const call = { resource: `${name}/versions`, query: {}, facts, member: 'versions' }
  for await (const page of pagesOf(manager, call, signal)) {
    entries.push(...page.map((resource) => readVersionEntry(resource, aliases, facts)))
  }
  return entries.toSorted((left, right) => Number(right.version) - Number(left.version))
}

const states = new Map<string, VersionEntry['state']>([
  ['ENABLED', 'enabled'],
  ['DISABLED', 'disabled'],
])

function readVersionEntry(
  resource: JsonObject,
  aliases: ReadonlyMap<string, string>,
  facts: Facts,
): VersionEntry {
  const { number, state } = readVersion(resource, facts)
  const createdAt = Date.parse(String(resource.get('createTime')))
  const own = Array.from(aliases).filter(([, version]) => version === number)
  return {
    version: number,
    ...(Number.isNaN(createdAt) ? {} : { createdAt }),
    labels: own.map(([alias]) => alias),
    state: states.get(state) ?? 'destroyed',
  }
}

interface PagedCall extends Pick<ManagerCall, 'resource' | 'facts'> {
  readonly query: Readonly<Record<string, string>>
  /** What the list is called in an answer. */
  readonly member: string
}

async function* pagesOf(
  manager: SecretManager,
  { resource, query, facts, member }: PagedCall,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly JsonObject[]> {
  const common = { method: 'GET', resource, need: 'view', facts } as const
  let pageToken: string | undefined = ''
  while (pageToken !== undefined) {
    const place = pageToken === '' ? {} : { pageToken }
    const page = await manager.call({ ...common, query: { ...query, pageSize, ...place } }, signal)
    const items = page.get(member)
    yield Array.isArray(items) ? items.filter((item) => item instanceof Map) : []
    pageToken = textOf(page.get('nextPageToken')) || undefined
  }
}
