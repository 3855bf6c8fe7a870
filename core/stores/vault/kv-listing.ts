/** Names of secrets on KV mounts, which Vault lists one folder at a time. */
import { AppError } from '../../errors.ts'
import type { Secret } from '../../secret.ts'
import type { VaultClient } from '../../vault/client.ts'
import { capListing, createNameFilter, knownBeginning } from '../name-filter.ts'
import type { ListEntry, Listing, ListQuery } from '../store.ts'
import type { KnownMount, Mounts } from './mounts.ts'
import { dataOf } from './vault-session.ts'

export interface Lister {
  readonly client: VaultClient
  readonly token: Secret
  readonly mounts: Mounts
}

/** More is no listing but a survey of the server. */
const mostFolders = 1000

/** Folders that cannot hold what is asked for are passed over; one that may not be listed is empty, unless it is the only one that was asked for. */
export async function listKv(query: ListQuery, lister: Lister): Promise<Listing> {
  const beginning = knownBeginning(query)
  const fits = createNameFilter(query)
  const found: ListEntry[] = []
  let asked = 0
  let refused: AppError | undefined
  const walk = async (mount: KnownMount, folder: string): Promise<void> => {
    if (found.length > query.limit || ++asked > mostFolders) return
    const names = await listFolder(mount, folder, lister).catch((thrown: unknown) => {
      if (!(thrown instanceof AppError) || thrown.facts['status'] !== 403) throw thrown
      refused = thrown
      return []
    })
    for (const name of names) {
      const path = `${mount.path}${folder}${name}`
      if (name.endsWith('/')) {
        if (path.startsWith(beginning) || beginning.startsWith(path)) {
          await walk(mount, `${folder}${name}`)
        }
      } else if (fits(path)) found.push({ path })
    }
  }
  for (const mount of await findMounts(beginning, lister)) {
    await walk(mount, folderOf(beginning.slice(mount.path.length)))
  }
  if (refused !== undefined && asked === 1) throw refused
  const listing = capListing(found, query.limit)
  return asked > mostFolders ? { ...listing, isCapped: true } : listing
}

function folderOf(beginning: string): string {
  return beginning.slice(0, beginning.lastIndexOf('/') + 1)
}

/** The one that the beginning names, else all that the token may see and that begin so. */
async function findMounts(beginning: string, lister: Lister): Promise<readonly KnownMount[]> {
  const { client, token, mounts } = lister
  if (beginning.includes('/')) {
    const mount = await mounts.find(beginning, token)
    if (mount !== undefined) return beginning.startsWith(mount.path) ? [mount] : []
  }
  const visible = dataOf(await client.read('sys/internal/ui/mounts', { token })).get('secret')
  const entries = visible instanceof Map ? [...visible] : []
  return entries.flatMap(([path, mount]) => {
    const isKv = mount instanceof Map && ['kv', 'generic'].includes(String(mount.get('type')))
    if (!isKv || !(path.startsWith(beginning) || beginning.startsWith(path))) return []
    const options = mount.get('options')
    const isVersioned = options instanceof Map && options.get('version') === '2'
    return [{ path, version: isVersioned ? 2 : 1 } as const]
  })
}

async function listFolder(
  { path, version }: KnownMount,
  folder: string,
  { client, token }: Lister,
): Promise<readonly string[]> {
  const place = `${path}${version === 2 ? 'metadata/' : ''}${folder}`.replace(/\/$/, '')
  try {
    const keys = dataOf(await client.read(place, { token, query: [['list', 'true']] })).get('keys')
    return Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : []
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.facts['status'] === 404) return []
    throw thrown
  }
}
