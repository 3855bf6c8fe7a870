/** Listings of Parameter Store, and the versions of a parameter. */
import { AppError } from '../../errors.ts'
import type { JsonObject } from '../../json.ts'
import { capListing, createNameFilter, knownBeginning } from '../name-filter.ts'
import type { ListEntry, Listing, ListQuery, VersionEntry } from '../store.ts'
import { numberIn, textIn, textsIn, timeIn } from './answer.ts'
import { readPages } from './pages.ts'
import { qualify, requirePlainName } from './parameter-name.ts'
import type { ServiceCall } from './sender.ts'
import type { CallService } from './service-client.ts'

/**
 * Of what the parameters are alone, never their values. A policy may allow a path and no more: what lies below it is listed
 * then, where no tags are asked for.
 */
export async function listParameters(
  call: CallService,
  given: ListQuery,
  signal?: AbortSignal,
): Promise<Listing> {
  const query = qualifyQuery(given)
  const beginning = knownBeginning(query)
  const request = describeRequest(beginning, query, signal)
  try {
    return await collect(call, request, query)
  } catch (thrown) {
    const isDenied = thrown instanceof AppError && thrown.code === 'store_refused'
    const end = beginning.lastIndexOf('/')
    if (!isDenied || end < 0 || (query.tags?.size ?? 0) > 0) throw thrown
    const input = { Path: beginning.slice(0, end) || '/', Recursive: true, WithDecryption: false }
    const below = { operation: 'GetParametersByPath', input, path: beginning, signal }
    return collect(call, { request: below, member: 'Parameters' }, query)
  }
}

interface Listed {
  readonly request: ServiceCall
  readonly member: string
}

function describeRequest(
  beginning: string,
  { tags = new Map() }: ListQuery,
  signal: AbortSignal | undefined,
): Listed {
  const filters = [
    ...(beginning === '' ? [] : [{ Key: 'Name', Option: 'BeginsWith', Values: [beginning] }]),
    ...Array.from(tags, ([key, value]) => ({
      Key: `tag:${key}`,
      Option: 'Equals',
      Values: [value],
    })),
  ]
  const input = { MaxResults: 50, ...(filters.length === 0 ? {} : { ParameterFilters: filters }) }
  return {
    request: { operation: 'DescribeParameters', input, path: beginning, signal },
    member: 'Parameters',
  }
}

async function collect(
  call: CallService,
  { request, member }: Listed,
  query: ListQuery,
): Promise<Listing> {
  const isWanted = createNameFilter(query)
  const entries: ListEntry[] = []
  for await (const parameter of readPages({ call, request, member })) {
    const entry = toEntry(parameter)
    if (entry.path !== '' && isWanted(entry.path)) entries.push(entry)
    if (entries.length > query.limit) break
  }
  return capListing(entries, query.limit)
}

function qualifyQuery(query: ListQuery): ListQuery {
  const { prefix, glob } = query
  return {
    ...query,
    ...(prefix === undefined ? {} : { prefix: qualify(prefix) }),
    ...(glob === undefined ? {} : { glob: glob.startsWith('*') ? glob : qualify(glob) }),
  }
}

function toEntry(parameter: JsonObject): ListEntry {
  const changedAt = timeIn(parameter, 'LastModifiedDate')
  const path = textIn(parameter, 'Name') ?? ''
  return { path, ...(changedAt === undefined ? {} : { changedAt }) }
}

/** Newest first. Errors: `secret_missing`. */
export async function listParameterVersions(
  call: CallService,
  {
    store,
    path,
    signal,
  }: { readonly store: string; readonly path: string; readonly signal: AbortSignal | undefined },
): Promise<readonly VersionEntry[]> {
  const input = { Name: requirePlainName({ store, path }), WithDecryption: false, MaxResults: 50 }
  const request = { operation: 'GetParameterHistory', input, path, signal }
  const versions: VersionEntry[] = []
  for await (const version of readPages({ call, request, member: 'Parameters' })) {
    const createdAt = timeIn(version, 'LastModifiedDate')
    versions.push({
      version: numberIn(version, 'Version') ?? '',
      ...(createdAt === undefined ? {} : { createdAt }),
      labels: textsIn(version, 'Labels'),
      state: 'enabled',
    })
  }
  return versions.toSorted((left, right) => Number(right.version) - Number(left.version))
}
