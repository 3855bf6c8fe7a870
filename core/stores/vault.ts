/** Vault as a store: reads and writes of templates, with KV version 2 found without asking where the answer tells. */
import { AppError } from '../errors.ts'
import type { JsonValue } from '../json.ts'
import type { Secret } from '../secret.ts'
import type { SecretAnswer, SecretRequest } from '../template/secret-request.ts'
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
      if (request.kind === 'write') {
        return parseEnvelope(await client.write(request.path, request.data, { token }))
      }
      const { path, query } = request
      const read = async (place: string) => {
        const answer = parseEnvelope(await client.read(place, { token, query }))
        if (isDeleted(answer, now())) throw new AppError('secret_missing', { path: place })
        return answer
      }
      return readWithData(path, read, () => findVersionedPath(client, path, token))
    },
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
 * cost one request. A KV v2 mount refuses any other path, with a 404 or, where the policy names only the data, a 403; only
 * then the mount is asked for.
 */
async function readWithData(
  path: string,
  read: (path: string) => Promise<SecretAnswer>,
  findVersioned: () => Promise<string | undefined>,
): Promise<SecretAnswer> {
  try {
    return await read(path)
  } catch (thrown) {
    const versioned = mayLackData(thrown) ? await findVersioned() : undefined
    if (versioned === undefined) throw thrown
    return read(versioned)
  }
}

function mayLackData(thrown: unknown): boolean {
  if (!(thrown instanceof AppError) || thrown.code === 'token_invalid') return false
  const status: unknown = thrown.facts['status']
  return status === 404 || status === 403
}

/**
 * `path` with the `data/` of its KV v2 mount; undefined where it has it, or where the mount is another or unknown.
 * Source: the preflight of Vault's own kv command, `sys/internal/ui/mounts/:path`.
 */
async function findVersionedPath(
  client: VaultClient,
  path: string,
  token: Secret,
): Promise<string | undefined> {
  const mount = await findMount(client, path, token)
  if (mount === undefined || `${path}/`.startsWith(`${mount}data/`)) return undefined
  return `${mount}data/${path.slice(mount.length)}`
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
  return versioned && typeof mount === 'string' && path.startsWith(mount) ? mount : undefined
}
