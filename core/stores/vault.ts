/** Vault as a store: reads and writes of templates, with KV version 2 found without asking where the answer tells. */
import { AppError } from '../errors.ts'
import type { Secret } from '../secret.ts'
import type { SecretAnswer, SecretReadRequest, SecretRequest } from '../template/secret-request.ts'
import type { VaultClient } from '../vault/client.ts'
import { parseEnvelope } from '../vault/envelope.ts'
import { versionedPath } from '../vault/refusal.ts'

/** Errors: `store_*`, `token_invalid`, `secret_missing` with the path as it was asked for. */
export interface VaultStore {
  readonly read: (request: SecretRequest, token: Secret) => Promise<SecretAnswer>
}

/** `namespace` as for logins of the same configuration. */
export function createVaultStore(client: VaultClient): VaultStore {
  return {
    read: async (request, token) => {
      const answer =
        request.kind === 'read'
          ? await readSecret(client, request, token)
          : parseEnvelope(await client.write(request.path, request.data, { token }))
      if (request.kind === 'read' && answer.data === null) throw missing(request.path)
      return answer
    },
  }
}

/**
 * The path as written first: right for KV v1, for `mount/data/…` and for every other engine, so that the common cases
 * cost one request. A KV v2 mount answers any other path with a 404 that says what it is; only then its mount is asked for.
 */
async function readSecret(
  client: VaultClient,
  request: SecretReadRequest,
  token: Secret,
): Promise<SecretAnswer> {
  const { path, query } = request
  try {
    return parseEnvelope(await client.read(path, { token, query }))
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.facts['reason'] !== versionedPath) throw thrown
    const mount = await findMount(client, path, token)
    if (mount === undefined) throw thrown
    const versioned = `${mount}data/${path.slice(mount.length)}`
    return parseEnvelope(await client.read(versioned, { token, query }))
  }
}

/** The mount's path with its trailing slash. Source: the preflight of Vault's own kv command, `sys/internal/ui/mounts/:path`. */
async function findMount(
  client: VaultClient,
  path: string,
  token: Secret,
): Promise<string | undefined> {
  const answer = parseEnvelope(await client.read(`sys/internal/ui/mounts/${path}`, { token }))
  const mount = answer.data?.get('path')
  return typeof mount === 'string' && path.startsWith(mount) ? mount : undefined
}

function missing(path: string): AppError {
  return new AppError('secret_missing', { path })
}
