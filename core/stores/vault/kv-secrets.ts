/** What can be done with secrets of a KV mount besides reading them. Source: the HTTP API of Vault's KV secrets engines. */
import { AppError } from '../../errors.ts'
import { JsonNumber, type JsonObject, type JsonValue, tryParseObject } from '../../json.ts'
import type { Secret } from '../../secret.ts'
import type { RemovingVaultClient } from '../../vault/client.ts'
import { mergeMembers, requireText } from '../merged-members.ts'
import type { DeleteOptions, StoreWrite, VersionEntry } from '../store.ts'
import type { KnownMount, Mounts } from './mounts.ts'
import { dataOf } from './vault-session.ts'

export interface KvCaller {
  readonly client: RemovingVaultClient
  readonly token: Secret
  readonly mounts: Mounts
}

/** A secret that others write at the same time is tried again so often; in each round one of them is done. */
const mostTries = 64

interface Place {
  readonly mount: KnownMount
  /** Below the mount. */
  readonly name: string
  readonly at: (place: 'data' | 'metadata' | 'delete' | 'undelete') => string
}

/** The version's number; undefined on a mount without versions. */
export async function writeKv(write: StoreWrite, caller: KvCaller): Promise<string | undefined> {
  const { client, token } = caller
  const place = await findPlace(write.path, caller)
  if (place.mount.version === 1) {
    if ((write.tags?.size ?? 0) > 0) throw incapable('it has no tags')
    const current = write.content.kind === 'keys' ? await readVersion1(place, caller) : undefined
    await client.write(write.path, payloadOf(write, current), { token })
    return undefined
  }
  const version = await writeVersion2(write, place, caller)
  const { tags = new Map() } = write
  if (tags.size > 0) {
    await client.write(place.at('metadata'), new Map([['custom_metadata', tags]]), { token })
  }
  return version
}

/** Keys are merged into the version that was read, and written only while it is the current one. */
async function writeVersion2(
  write: StoreWrite,
  place: Place,
  { client, token }: KvCaller,
): Promise<string | undefined> {
  for (let tried = 1; tried <= mostTries; tried++) {
    const found =
      write.content.kind === 'keys' ? await readVersion2(place, { client, token }) : undefined
    const options = found === undefined ? [] : ([['cas', found.version]] as const)
    const payload = new Map<string, JsonValue>([
      ['data', payloadOf(write, found?.data)],
      ['options', new Map(options)],
    ])
    try {
      const answer = await client.write(place.at('data'), payload, { token })
      return numberText(dataOf(answer).get('version'))
    } catch (thrown) {
      const isRace =
        found !== undefined && thrown instanceof AppError && thrown.facts['status'] === 400
      if (!isRace || tried === mostTries) throw thrown
    }
  }
  return undefined
}

interface Current {
  readonly data: JsonObject | undefined
  readonly version: JsonNumber
}

async function readVersion2(
  place: Place,
  { client, token }: Pick<KvCaller, 'client' | 'token'>,
): Promise<Current> {
  const answer = await unlessMissing(client.read(place.at('data'), { token }))
  if (answer === undefined) return { data: undefined, version: new JsonNumber('0') }
  const outer = dataOf(answer)
  const [data, metadata] = [outer.get('data'), outer.get('metadata')]
  const version = metadata instanceof Map ? metadata.get('version') : undefined
  if (!(version instanceof JsonNumber)) throw invalid('no version')
  return { data: data instanceof Map ? data : undefined, version }
}

async function readVersion1(place: Place, { client, token }: KvCaller) {
  const answer = await unlessMissing(client.read(`${place.mount.path}${place.name}`, { token }))
  return answer === undefined ? undefined : dataOf(answer)
}

/** A JSON object is the secret's members, any other text its member `value`. */
function payloadOf({ path, content }: StoreWrite, current: JsonObject | undefined): JsonObject {
  if (content.kind === 'keys') {
    const added = mergeMembers(undefined, content.members, { path })
    return new Map([...(current ?? []), ...tryParseObject(Buffer.from(added).toString('utf8'))])
  }
  const text = requireText(content.bytes, { path })
  const object = tryParseObject(text)
  return object.size > 0 ? object : new Map([['value', text]])
}

export async function deleteKv(
  path: string,
  { isFinal }: DeleteOptions,
  caller: KvCaller,
): Promise<void> {
  const { client, token } = caller
  const place = await findPlace(path, caller)
  if (place.mount.version === 1) {
    if ((await readVersion1(place, caller)) === undefined) throw new AppError('secret_missing')
    await client.remove(path, { token })
    return
  }
  const { current, versions } = await readMetadata(place, caller)
  const state = versions.get(current)?.state
  if (isFinal) await client.remove(place.at('metadata'), { token })
  else if (state !== 'enabled') throw new AppError('secret_missing')
  else await changeVersion(place, 'delete', { current, caller })
}

/** Errors: `secret_missing` also where the current version was destroyed. */
export async function restoreKv(path: string, caller: KvCaller): Promise<void> {
  const place = await findVersioned(path, caller)
  const { current, versions } = await readMetadata(place, caller)
  const state = versions.get(current)?.state
  if (state === undefined || state === 'destroyed') throw new AppError('secret_missing')
  if (state === 'disabled') await changeVersion(place, 'undelete', { current, caller })
}

async function changeVersion(
  place: Place,
  verb: 'delete' | 'undelete',
  { current, caller }: { readonly current: string; readonly caller: KvCaller },
): Promise<void> {
  const { client, token } = caller
  const versions = new Map([['versions', [new JsonNumber(current)]]])
  await client.write(place.at(verb), versions, { token })
}

export async function historyOfKv(
  path: string,
  caller: KvCaller,
): Promise<readonly VersionEntry[]> {
  const place = await findVersioned(path, caller)
  const { versions } = await readMetadata(place, caller)
  return [...versions.values()].toSorted(
    (left, right) => Number(right.version) - Number(left.version),
  )
}

async function readMetadata(place: Place, { client, token }: KvCaller) {
  const data = dataOf(await client.read(place.at('metadata'), { token }))
  const listed = data.get('versions')
  const entries = listed instanceof Map ? [...listed] : []
  const versions = new Map(
    entries.map(([version, entry]) => [version, versionOf(version, entry)] as const),
  )
  return { current: numberText(data.get('current_version')) ?? '0', versions }
}

function versionOf(version: string, entry: JsonValue): VersionEntry {
  const members = entry instanceof Map ? entry : new Map<string, JsonValue>()
  const created = members.get('created_time')
  const createdAt = typeof created === 'string' ? Date.parse(created) : Number.NaN
  const deleted = members.get('deletion_time')
  const isDeleted = typeof deleted === 'string' && deleted !== ''
  const state = members.get('destroyed') === true ? 'destroyed' : isDeleted ? 'disabled' : 'enabled'
  return { version, labels: [], state, ...(Number.isNaN(createdAt) ? {} : { createdAt }) }
}

/** `mount/data/name` is the same secret as `mount/name` on a mount with versions. */
async function findPlace(path: string, { mounts, token }: KvCaller): Promise<Place> {
  const mount = await mounts.find(path, token)
  if (mount === undefined) {
    const reason = 'nothing is mounted there, or the policy does not let it be found out'
    throw new AppError('store_refused', { reason })
  }
  const rest = path.slice(mount.path.length)
  const name = mount.version === 2 ? rest.replace(/^(?:data|metadata)\//, '') : rest
  if (name === '') throw new AppError('input_invalid', { reason: 'the path of a mount' })
  return { mount, name, at: (place) => `${mount.path}${place}/${name}` }
}

async function findVersioned(path: string, caller: KvCaller): Promise<Place> {
  const place = await findPlace(path, caller)
  if (place.mount.version === 2) return place
  throw incapable('the mount keeps no versions')
}

async function unlessMissing(reading: Promise<JsonObject>): Promise<JsonObject | undefined> {
  return reading.catch((thrown: unknown) => {
    if (thrown instanceof AppError && thrown.code === 'secret_missing') return undefined
    throw thrown
  })
}

function numberText(value: JsonValue | undefined): string | undefined {
  return value instanceof JsonNumber ? value.text : undefined
}

function incapable(reason: string): AppError {
  return new AppError('store_incapable', { reason })
}

function invalid(reason: string): AppError {
  return new AppError('store_answer_invalid', { reason })
}
