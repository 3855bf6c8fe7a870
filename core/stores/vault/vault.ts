/** Vault as a store: reads and writes of templates, with KV version 2 found without asking where the answer tells. */
import { AppError } from '../../errors.ts'
import type { JsonObject } from '../../json.ts'
import type { Secret } from '../../secret.ts'
import type {
  SecretAnswer,
  SecretReadRequest,
  SecretRequest,
  SecretWriteRequest,
} from '../../template/secret-request.ts'
import type { VaultClient } from '../../vault/client.ts'
import { parseEnvelope, parseSecret } from '../../vault/envelope.ts'
import { listedPath, mayBeOperation, versionedPath } from './kv-paths.ts'
import { createMounts, type MountMemory, type Mounts } from './mounts.ts'

/** Errors: `store_*`, `token_invalid`, `secret_missing` with the path that was read in the end. */
export interface VaultStore {
  readonly read: (request: SecretRequest, token: Secret) => Promise<SecretAnswer>
}

/** Reads through `client`; `now` is milliseconds since the epoch, `memory` what earlier stores learnt of the mounts and this one adds to. */
export function createVaultStore(
  client: VaultClient,
  now: () => number,
  memory: MountMemory = new Map(),
): VaultStore {
  const mounts = createMounts({ client, memory, now })
  return {
    read: async (request, token) => {
      const caller = { client, token, mounts }
      switch (request.kind) {
        case 'read':
          return readSecret(request, { ...caller, now: now() })
        case 'list':
          return listNames(request.path, caller)
        case 'write':
          return writeSecret(request, caller)
        case 'pki':
          return parseEnvelope(await client.write(request.path, request.data, { token }))
      }
    },
  }
}

interface Caller {
  readonly client: VaultClient
  readonly token: Secret
  readonly mounts: Mounts
}

async function readSecret(
  { path, query }: SecretReadRequest,
  caller: Caller & { readonly now: number },
): Promise<SecretAnswer> {
  const { client, token, mounts } = caller
  const read = async (place: string) => {
    const body = await client.read(place, { token, query })
    // 204: there is nothing.
    if (body.size === 0) throw new AppError('secret_missing', { path: place })
    const answer = parseSecret(body)
    if (isDeleted(answer, caller.now)) throw new AppError('secret_missing', { path: place })
    return answer
  }
  const asWritten = async () => {
    const answer = await read(path)
    if (!isConfiguration(path, answer)) return answer
    const mount = await mounts.find(path, token)
    return mount?.version === 2 ? read(versionedPath(path, mount.path)) : answer
  }
  return tryPlaces({ path, asWritten, place: versionedPath, at: read }, caller)
}

/** A KV v2 mount takes its payload under `data`; what it refused was not written. */
async function writeSecret(
  { path, data }: SecretWriteRequest,
  caller: Caller,
): Promise<SecretAnswer> {
  const { client, token, mounts } = caller
  const write = async (place: string, payload: JsonObject) =>
    parseEnvelope(await client.write(place, payload, { token }))
  const wrapped = (place: string) => write(place, new Map([['data', data]]))
  if (mayBeOperation(path)) {
    const mount = await mounts.find(path, token)
    return mount?.version === 2 ? wrapped(versionedPath(path, mount.path)) : write(path, data)
  }
  const asWritten = () => write(path, data)
  return tryPlaces({ path, asWritten, place: versionedPath, at: wrapped, always: true }, caller)
}

/** A KV v2 mount lists its metadata; where nothing is there the answer has no data. */
async function listNames(path: string, caller: Caller): Promise<SecretAnswer> {
  const { client, token } = caller
  const list = async (place: string) =>
    parseEnvelope(await client.read(place, { token, query: [['list', 'true']] }))
  const asWritten = () => list(path)
  try {
    return await tryPlaces({ path, asWritten, place: listedPath, at: list }, caller)
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.facts['status'] === 404)
      return parseEnvelope(new Map())
    throw thrown
  }
}

/** A KV v2 version that was deleted, or that deletes itself after a time; source: consul-template's check of `deletion_time`. */
function isDeleted({ data }: SecretAnswer, now: number): boolean {
  const metadata = data?.get('metadata')
  const time = metadata instanceof Map ? metadata.get('deletion_time') : undefined
  return typeof time === 'string' && Date.parse(time) <= now
}

/** A secret by the name `config` shares its short path with the configuration of a KV v2 mount. */
function isConfiguration(path: string, { data }: SecretAnswer): boolean {
  return path.endsWith('/config') && data?.has('max_versions') === true && data.has('cas_required')
}

interface Places {
  readonly path: string
  readonly asWritten: () => Promise<SecretAnswer>
  /** Where a KV v2 mount has it. */
  readonly place: (path: string, mount: string) => string
  readonly at: (place: string) => Promise<SecretAnswer>
  /** Whether `at` differs from `asWritten` for one and the same place. Default false. */
  readonly always?: boolean
}

/**
 * On a mount that is not known the path as written first: right for KV v1, for `mount/data/…` and for every other engine, so
 * that the common cases cost one request. A KV v2 mount refuses any other path, with a 404 or, where the policy names only the
 * data, a 403, and a payload that is not wrapped with a 400; only then the mount is asked for. The 404 says that it is a KV v2
 * mount, yet not where its path ends: a guess might read a neighbour that is mounted at `data`.
 */
async function tryPlaces(places: Places, { mounts, token }: Caller): Promise<SecretAnswer> {
  const { path, asWritten, place, at, always = false } = places
  const known = mounts.recall(path)
  const second = (mount: string) => {
    const target = place(path, mount)
    return always || target !== path ? () => at(target) : undefined
  }
  const first = known?.version === 2 ? second(known.path) : undefined
  try {
    return await (first ?? asWritten)()
  } catch (thrown) {
    if (!mayBeVersioned(thrown)) throw thrown
    const tried = first === undefined ? 1 : 2
    if (tried === 1 && saysVersioned(thrown) && known?.version === 1) mounts.forget(path)
    const mount = await mounts.find(path, token)
    if (mount === undefined || mount.version === tried) throw thrown
    const other = tried === 1 ? second(mount.path) : asWritten
    if (other === undefined) throw thrown
    return other()
  }
}

const refusals = new Set<unknown>([400, 403, 404, 405])

function mayBeVersioned(thrown: unknown): boolean {
  if (!(thrown instanceof AppError) || thrown.code === 'token_invalid') return false
  return refusals.has(thrown.facts['status'])
}

/** Definite, where a remembered version may be out of date. */
function saysVersioned(thrown: unknown): boolean {
  return thrown instanceof AppError && thrown.facts['versioned'] === true
}
