/** Kubernetes Secrets of one namespace as a store, with the pod's own ServiceAccount. */
import { AppError } from '../../errors.ts'
import { capListing, createNameFilter } from '../name-filter.ts'
import { createCalls, readEach } from '../read-each.ts'
import { type StoreSettings, settingOf } from '../settings/store-settings.ts'
import type { ListEntry, ListQuery, Store, StorePorts, StoreWrite } from '../store.ts'
import { type AskApi, createApi, listMetadata } from './api.ts'
import { type ApiPlace, findPlace } from './api-place.ts'
import {
  checkSecretName,
  formatData,
  formatSecretObject,
  parseListEntry,
  parseSecretObject,
} from './secret-object.ts'
import { createWatch } from './secret-watch.ts'

const pageSize = '500'

/** Errors: `config_invalid`, `tls_invalid`. */
export function openSecrets(settings: StoreSettings, ports: StorePorts): Store {
  return openSecretsAt(settings, findPlace(settings, ports), ports)
}

/** The same at a place that its caller knows, a laptop's kubeconfig for one. */
export function openSecretsAt(settings: StoreSettings, place: ApiPlace, ports: StorePorts): Store {
  const { name } = settings
  const ask = createApi(place)
  const at = createCalls(name)
  const watch = createWatch({ place, store: name, logger: ports.logger, ask })
  return {
    name,
    read: (reads, signal) => {
      const read = async ({ path, version }: (typeof reads)[number]) => {
        if (version !== undefined) throw invalid('Secrets have no versions')
        checkSecretName(path)
        return parseSecretObject(await ask({ method: 'GET', name: path, signal }))
      }
      return readEach(reads, { store: name, read, signal })
    },
    list: (query, signal) => at(query.prefix ?? '', () => list(ask, query, signal)),
    write: (write, signal) =>
      at(write.path, async () => {
        checkSecretName(write.path)
        return makeOrPatch(ask, write, signal)
      }),
    delete: (path, _options, signal) =>
      at(path, async () => {
        checkSecretName(path)
        await ask({ method: 'DELETE', name: path, signal })
      }),
    ...(settingOf(settings, 'watch')?.toLowerCase() === 'false' ? {} : { watch }),
  }
}

/** In the order of names, which is the API's own, so that a capped listing asks for no more pages than it needs. */
async function list(ask: AskApi, query: ListQuery, signal: AbortSignal | undefined) {
  const fits = createNameFilter(query)
  const selector = labelSelector(query)
  const found: ListEntry[] = []
  let next: string | undefined = ''
  while (next !== undefined && found.length <= query.limit) {
    const { items, next: more } = await listMetadata(
      ask,
      { limit: pageSize, ...selector, ...(next === '' ? {} : { continue: next }) },
      signal,
    )
    found.push(
      ...items.flatMap((metadata) => {
        const entry = parseListEntry(metadata)
        return entry !== undefined && fits(entry.path) ? [entry] : []
      }),
    )
    next = more
  }
  return capListing(found, query.limit)
}

/** Source: Kubernetes, "Labels and Selectors". */
function labelSelector({ tags = new Map() }: ListQuery): Readonly<Record<string, string>> {
  if (tags.size === 0) return {}
  const terms = Array.from(tags, ([key, value]) => {
    const isLabel = /^[\w./-]{1,317}$/.test(key) && /^[\w.-]{0,63}$/.test(value)
    if (!isLabel) throw invalid('not a label')
    return `${key}=${value}`
  })
  return { labelSelector: terms.join(',') }
}

/** What is there is patched, so that its other keys stay; whoever comes first of several that make it, the others patch. */
async function makeOrPatch(
  ask: AskApi,
  write: StoreWrite,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const { path } = write
  const body = new Map([['data', formatData(write)]])
  const patch = () => ask({ method: 'PATCH', name: path, body, signal })
  const make = () => ask({ method: 'POST', body: formatSecretObject(write), signal })
  const written = await patch().catch((thrown: unknown) => {
    if (!hasStatus(thrown, 404)) throw thrown
    return make().catch((second: unknown) => {
      if (!hasStatus(second, 409)) throw second
      return patch()
    })
  })
  return parseSecretObject(written).version
}

function hasStatus(thrown: unknown, status: number): boolean {
  return thrown instanceof AppError && thrown.facts['status'] === status
}

function invalid(reason: string): AppError {
  return new AppError('input_invalid', { reason })
}
