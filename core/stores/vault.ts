/** Vault as a store: reads and writes of templates, with KV version 2 found without asking where the answer tells. */
import { AppError } from '../errors.ts'
import type { JsonObject, JsonValue } from '../json.ts'
import type { Secret } from '../secret.ts'
import type {
  SecretAnswer,
  SecretReadRequest,
  SecretRequest,
  SecretWriteRequest,
} from '../template/secret-request.ts'
import type { VaultClient } from '../vault/client.ts'
import { parseEnvelope } from '../vault/envelope.ts'

/** Errors: `store_*`, `token_invalid`, `secret_missing` with the path that was read in the end. */
export interface VaultStore {
  readonly read: (request: SecretRequest, token: Secret) => Promise<SecretAnswer>
}

/** Reads through `client`; `now` is milliseconds since the epoch. */
export function createVaultStore(client: VaultClient, now: () => number): VaultStore {
  return {
    read: async (request, token) => {
      switch (request.kind) {
        case 'read':
          return readSecret(request, { client, token, now: now() })
        case 'list':
          return listNames(request.path, { client, token })
        case 'write':
          return writeSecret(request, { client, token })
        case 'pki':
          return parseEnvelope(await client.write(request.path, request.data, { token }))
      }
    },
  }
}

interface Caller {
  readonly client: VaultClient
  readonly token: Secret
}

async function readSecret(
  { path, query }: SecretReadRequest,
  { client, token, now }: Caller & { readonly now: number },
): Promise<SecretAnswer> {
  const read = async (place: string) => {
    const answer = parseEnvelope(await client.read(place, { token, query }))
    if (isDeleted(answer, now)) throw new AppError('secret_missing', { path: place })
    return answer
  }
  return tryBoth(
    () => read(path),
    async () => {
      const mount = await findMount(client, path, token)
      return mount === undefined || `${path}/`.startsWith(`${mount}data/`)
        ? undefined
        : () => read(`${mount}data/${path.slice(mount.length)}`)
    },
  )
}

/** A KV v2 mount takes its payload under `data`; what it refused was not written. */
async function writeSecret(
  { path, data }: SecretWriteRequest,
  { client, token }: Caller,
): Promise<SecretAnswer> {
  const write = async (place: string, payload: JsonObject) =>
    parseEnvelope(await client.write(place, payload, { token }))
  return tryBoth(
    () => write(path, data),
    async () => {
      const mount = await findMount(client, path, token)
      if (mount === undefined) return undefined
      const rest = path.slice(mount.length)
      const place = versionedPlaces.test(rest) ? path : `${mount}data/${rest}`
      return () => write(place, new Map([['data', data]]))
    },
  )
}

/** What of a KV v2 mount is no secret's own name. */
const versionedPlaces = /^(?:data|metadata|subkeys)(?:\/|$)/

/** A KV v2 mount lists its metadata; where nothing is there the answer has no data. */
async function listNames(path: string, { client, token }: Caller): Promise<SecretAnswer> {
  const list = async (place: string) =>
    parseEnvelope(await client.read(place, { token, query: [['list', 'true']] }))
  try {
    return await tryBoth(
      () => list(path),
      async () => {
        const mount = await findMount(client, `${path}/`, token)
        if (mount === undefined || path.startsWith(`${mount}metadata`)) return undefined
        const rest = path.slice(mount.length)
        return () => list(rest === '' ? `${mount}metadata` : `${mount}metadata/${rest}`)
      },
    )
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

/**
 * The path as written first: right for KV v1, for `mount/data/…` and for every other engine, so that the common cases
 * cost one request. A KV v2 mount refuses any other path, with a 404 or, where the policy names only the data, a 403, and a
 * payload that is not wrapped with a 400; only then the mount is asked for (source: the preflight of Vault's own kv command,
 * `sys/internal/ui/mounts/:path`).
 */
async function tryBoth(
  first: () => Promise<SecretAnswer>,
  findSecond: () => Promise<(() => Promise<SecretAnswer>) | undefined>,
): Promise<SecretAnswer> {
  try {
    return await first()
  } catch (thrown) {
    const second = mayBeVersioned(thrown) ? await findSecond() : undefined
    if (second === undefined) throw thrown
    return second()
  }
}

function mayBeVersioned(thrown: unknown): boolean {
  if (!(thrown instanceof AppError) || thrown.code === 'token_invalid') return false
  const status: unknown = thrown.facts['status']
  return status === 404 || status === 403 || status === 400
}

/** The KV v2 mount above `path`, with its trailing slash; what cannot be found out is no reason to fail anew. */
async function findMount(
  client: VaultClient,
  path: string,
  token: Secret,
): Promise<string | undefined> {
  const answer = await client
    .read(`sys/internal/ui/mounts/${path}`, { token })
    .then(parseEnvelope)
    .catch(() => undefined)
  const mount: JsonValue | undefined = answer?.data?.get('path')
  const options = answer?.data?.get('options')
  const versioned = options instanceof Map && options.get('version') === '2'
  return versioned && typeof mount === 'string' && `${path}/`.startsWith(mount) ? mount : undefined
}
