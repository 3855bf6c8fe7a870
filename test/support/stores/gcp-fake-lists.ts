/** Lists of Secret Manager, page by page. */
import type { FakeRequest } from './fake-service.ts'
import {
  describeSecret,
  describeVersion,
  type FakeSecret,
  type FakeSecrets,
  RpcError,
} from './gcp-fake-secrets.ts'

export interface Call {
  readonly request: FakeRequest
  readonly secrets: FakeSecrets
  /** Of the secret, or what new ones are in. */
  readonly name: string
  readonly version: string
}

export function listSecrets({ request, secrets, name }: Call): object {
  const inside = [...secrets.all.values()].filter(({ name: each }) =>
    new RegExp(`^${name}/secrets/[^/]+$`).test(each),
  )
  const fits = parseFilter(request.query.get('filter') ?? '')
  const sorted = inside.filter(fits).toSorted((left, right) => (left.name < right.name ? -1 : 1))
  return paged('secrets', sorted.map(describeSecret), request)
}

/** `name:PART` and `labels.KEY=VALUE`, with AND between them. */
function parseFilter(filter: string): (secret: FakeSecret) => boolean {
  const terms = filter === '' ? [] : filter.split(' AND ')
  const tests = terms.map((term) => {
    const [, part] = /^name:([\w-]+)$/.exec(term) ?? []
    if (part !== undefined) return ({ name }: FakeSecret) => name.includes(part)
    const [, key = '', value] = /^labels\.([\w-]+)=([\w-]+)$/.exec(term) ?? []
    if (value !== undefined) return ({ labels }: FakeSecret) => labels[key] === value
    throw new RpcError('INVALID_ARGUMENT', 'filter')
  })
  return (secret) => tests.every((each) => each(secret))
}

export function listVersions({ request, secrets, name }: Call): object {
  const newestFirst = secrets.find(name).versions.toReversed()
  return paged('versions', newestFirst.map(describeVersion), request)
}

/** A page may hold less than was asked for, so that few secrets already take several. */
const longestPage = 3

function paged(member: string, items: readonly object[], { query }: FakeRequest): object {
  const size = Number(query.get('pageSize') ?? '100')
  if (!Number.isInteger(size) || size < 0 || size > 25_000) {
    throw new RpcError('INVALID_ARGUMENT', 'pageSize')
  }
  const token = query.get('pageToken') || Buffer.from('0').toString('base64url')
  const from = Number(Buffer.from(token, 'base64url').toString())
  if (!Number.isInteger(from)) throw new RpcError('INVALID_ARGUMENT', 'pageToken')
  const to = from + Math.min(size === 0 ? 100 : size, longestPage)
  const next =
    to < items.length ? { nextPageToken: Buffer.from(String(to)).toString('base64url') } : {}
  const page = items.slice(from, to)
  return { ...(page.length === 0 ? {} : { [member]: page }), ...next, totalSize: items.length }
}
