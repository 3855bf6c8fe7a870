/** Writes, which make the secret where it is not there, and deletion. */
import { AppError } from '../../errors.ts'
import type { JsonObject, JsonValue } from '../../json.ts'
import { isGood } from '../bearer-client.ts'
import { mergeMembers } from '../merged-members.ts'
import type { StoreWrite, WrittenContent } from '../store.ts'
import { addLabels } from './add-labels.ts'
import type { SecretManager } from './api.ts'
import { crc32c } from './crc32c.ts'
import { type Reader, readVersion } from './read-secret.ts'
import { describeRefusal, statusName } from './refusal.ts'
import { requireSecret, type SecretPlace } from './secret-place.ts'

export interface Writer {
  /** The number of the version that is made. */
  readonly write: (write: StoreWrite, signal?: AbortSignal) => Promise<string>
  readonly remove: (path: string, signal?: AbortSignal) => Promise<void>
}

export interface WriterOptions {
  readonly store: string
  /** Of what is made. */
  readonly labels: ReadonlyMap<string, string>
  /** Locations of what is made; none: Google chooses. */
  readonly replicas: readonly string[]
  readonly reader: Reader
}

export function createWriter(manager: SecretManager, options: WriterOptions): Writer {
  const { store, reader } = options
  return {
    write: async (write, signal) => {
      const { path, content, tags = new Map<string, string>() } = write
      const facts = { store, path }
      const place = requireSecret(path, store)
      const name = await manager.nameOf(place)
      const bytes = await resolveContent(content, { path, store, reader, signal })
      const payload = new Map([
        ['data', Buffer.from(bytes).toString('base64')],
        ['dataCrc32c', String(crc32c(bytes))],
      ])
      const call = {
        method: 'POST',
        resource: `${name}:addVersion`,
        body: new Map([['payload', payload]]),
        need: 'add',
        facts,
      } as const
      const added = await manager.send(call, signal)
      if (isGood(added)) {
        if (tags.size > 0) await addLabels(manager, { name, tags, path, store }, signal)
        return readVersion(added.body, facts).number
      }
      if (added.status !== 404) throw describeRefusal(added, 'add', facts)
      await create(manager, { place, name, write, options }, signal)
      return readVersion(await manager.call(call, signal), facts).number
    },
    remove: async (path, signal) => {
      const resource = await manager.nameOf(requireSecret(path, store))
      const facts = { store, path }
      await manager.call({ method: 'DELETE', resource, need: 'manage', facts }, signal)
    },
  }
}

interface Resolving {
  readonly path: string
  readonly store: string
  readonly reader: Reader
  readonly signal: AbortSignal | undefined
}

/** Keys go into what is there. Two writers at one time may lose one's keys: no version is made upon a condition. */
async function resolveContent(
  content: WrittenContent,
  { path, store, reader, signal }: Resolving,
): Promise<Uint8Array> {
  if (content.kind === 'whole') return content.bytes
  const read = { path, version: undefined, known: undefined }
  const current = await reader.read(read, signal).catch((thrown: unknown) => {
    // Of a version that is disabled the other keys would be lost.
    const isMissing = thrown instanceof AppError && thrown.code === 'secret_missing'
    if (isMissing && thrown.facts['status'] === 404) return undefined
    throw thrown
  })
  const held = current?.content?.kind === 'whole' ? current.content.bytes : undefined
  const bytes = held === undefined ? undefined : Buffer.from(held, 'latin1')
  return mergeMembers(bytes, content.members, { store, path })
}

interface Creation {
  readonly place: SecretPlace
  readonly name: string
  readonly write: StoreWrite
  readonly options: WriterOptions
}

/** A regional secret is where it is; any other is replicated. Somebody else may have made it in the meantime. */
async function create(
  manager: SecretManager,
  { place, name, write, options }: Creation,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { labels, replicas, store } = options
  const isRegional = name.includes('/locations/')
  const all = new Map([...labels, ...(write.tags ?? [])])
  const body = new Map<string, JsonValue>([
    ...(isRegional ? [] : [['replication', describeReplication(replicas)] as const]),
    ...(all.size === 0 ? [] : [['labels', all] as const]),
  ])
  const facts = { store, path: write.path }
  const resource = name.slice(0, name.lastIndexOf('/'))
  const query = { secretId: place.id }
  const call = { method: 'POST', resource, query, body, need: 'manage', facts } as const
  const answer = await manager.send(call, signal)
  if (isGood(answer) || statusName(answer) === 'ALREADY_EXISTS') return
  throw describeRefusal(answer, 'manage', facts)
}

function describeReplication(replicas: readonly string[]): JsonObject {
  if (replicas.length === 0) return new Map([['automatic', new Map()]])
  const list = replicas.map((location) => new Map([['location', location]]))
  return new Map([['userManaged', new Map([['replicas', list]])]])
}
