/** A versioned secret as a JSON document, and what its versions become: pure. */
import type { JsonNumber, JsonObject, JsonValue } from '../../../core/json.ts'
import { jsonNumber, jsonObject, numberMember, objectMember, sortKeys } from '../json.ts'

/** Versions kept unless the secret says otherwise. */
const keptVersions = 10

/** A secret without versions. Times are RFC 3339. */
export function newSecret(now: string): JsonObject {
  return jsonObject({
    created_time: now,
    updated_time: now,
    current_version: jsonNumber(0),
    oldest_version: jsonNumber(0),
    versions: new Map(),
  })
}

export function currentVersion(secret: JsonObject): number {
  return numberMember(secret, 'current_version')
}

/** The secret with `data` as its newest version; the oldest beyond ten are dropped. */
export function addVersion(secret: JsonObject, data: JsonObject | null, now: string): JsonObject {
  const number = currentVersion(secret) + 1
  const version = jsonObject({
    created_time: now,
    deletion_time: '',
    destroyed: false,
    data: data === null ? null : sortKeys(data, asFloat),
  })
  const all = [...(objectMember(secret, 'versions') ?? []), [String(number), version] as const]
  const kept = all.slice(-keptVersions)
  const oldest = kept.length < all.length ? Number(kept[0]?.[0]) : 0
  return new Map<string, JsonValue>([
    ...secret,
    ['updated_time', now],
    ['current_version', jsonNumber(number)],
    ['oldest_version', jsonNumber(oldest)],
    ['versions', new Map(kept)],
  ])
}

/** `destroy` takes the data away for good, `undelete` leaves what is destroyed alone. */
export type VersionChange = 'delete' | 'undelete' | 'destroy'

/** The secret after a change of some of its versions; numbers of versions that it does not have are ignored. */
export function changeVersions(
  secret: JsonObject,
  numbers: readonly number[],
  { change, now }: { readonly change: VersionChange; readonly now: string },
): JsonObject {
  const wanted = new Set(numbers.map(String))
  const versions = Array.from(objectMember(secret, 'versions') ?? [], ([number, version]) => {
    const changed =
      wanted.has(number) && version instanceof Map ? changeVersion(version, change, now) : version
    return [number, changed] as const
  })
  return new Map([...secret, ['versions', new Map(versions)]])
}

function changeVersion(version: JsonObject, change: VersionChange, now: string): JsonObject {
  if (change === 'destroy') return new Map([...version, ['destroyed', true], ['data', null]])
  if (isDestroyed(version) || isDeleted(version) === (change === 'delete')) return version
  return new Map([...version, ['deletion_time', change === 'delete' ? now : '']])
}

const isDeleted = (version: JsonObject) => version.get('deletion_time') !== ''
const isDestroyed = (version: JsonObject) => version.get('destroyed') === true

/** The data of a version, null and `gone` when it is deleted or destroyed. */
export function findVersion(
  secret: JsonObject,
  number: number,
): { readonly data: JsonValue; readonly gone: boolean } {
  const version = versionOf(secret, number)
  const gone = version !== undefined && (isDeleted(version) || isDestroyed(version))
  return { gone, data: gone ? null : (version?.get('data') ?? null) }
}

/** The `metadata` of a version as reads and writes answer it, undefined when there is no such version. */
export function describeVersion(secret: JsonObject, number: number): JsonObject | undefined {
  const version = versionOf(secret, number)
  if (version === undefined) return undefined
  return jsonObject({
    created_time: version.get('created_time') ?? '',
    custom_metadata: null,
    deletion_time: version.get('deletion_time') ?? '',
    destroyed: version.get('destroyed') ?? false,
    version: jsonNumber(number),
  })
}

/** The answer below `metadata/`. */
export function describeSecret(secret: JsonObject): JsonObject {
  const versions = Array.from(objectMember(secret, 'versions') ?? [], ([number, version]) => {
    const fields = version instanceof Map ? Array.from(version) : []
    return [number, new Map(fields.filter(([name]) => name !== 'data'))] as const
  })
  return jsonObject({
    cas_required: false,
    created_time: secret.get('created_time') ?? '',
    current_version: jsonNumber(currentVersion(secret)),
    custom_metadata: null,
    delete_version_after: '0s',
    max_versions: jsonNumber(0),
    oldest_version: secret.get('oldest_version') ?? jsonNumber(0),
    updated_time: secret.get('updated_time') ?? '',
    versions: new Map(versions),
  })
}

function versionOf(secret: JsonObject, number: number): JsonObject | undefined {
  return objectMember(objectMember(secret, 'versions') ?? new Map(), String(number))
}

/** Vault keeps the numbers of KV version 2 as 64-bit floats: `1.50` is read back as `1.5`. */
function asFloat(number: JsonNumber): JsonNumber {
  const value = Number(number.text)
  return Number.isFinite(value) ? jsonNumber(value) : number
}
