/** The demo's store: the embedded one, or the Vault at VAULT_ADDR. Both are set up through the same API. */
import { join } from 'node:path'
import { type Clock, systemClock } from '../../core/clock.ts'
import { AppError } from '../../core/errors.ts'
import type { JsonValue } from '../../core/json.ts'
import type { Logger } from '../../core/log.ts'
import { Secret } from '../../core/secret.ts'
import { createVaultClient, type VaultClient } from '../../core/vault/client.ts'
import { createTransport, type VaultTransport } from '../../core/vault/transport.ts'
import { type Issuer, openIssuer } from '../dev/issuer.ts'
import { startDevServer } from '../dev/server.ts'
import { createDevStore } from '../dev/store.ts'

export interface DemoStore {
  readonly description: string
  readonly address: string
  /** Mount of the KV version 2 engine. */
  readonly mount: string
  readonly authType: 'kubernetes' | 'jwt'
  /** Mount of the auth method, `auth/` included. */
  readonly authPath: string
  /** Writes as an administrator. */
  readonly write: (path: string, data: Readonly<Record<string, JsonValue>>) => Promise<void>
  readonly issuer: Issuer
  /** Removes what the demo made. */
  readonly close: () => Promise<void>
}

interface StoreDeps {
  readonly root: string
  readonly logger: Logger
  readonly clock: Clock
}

/** A store of its own under `root`, on a free port of loopback. */
export async function startEmbeddedStore({ root, logger, clock }: StoreDeps): Promise<DemoStore> {
  const dataDirectory = join(root, 'store')
  const issuer = await openIssuer(dataDirectory, clock)
  const rootToken = new Secret(`hvs.${crypto.randomUUID()}`)
  const store = createDevStore({ dataDirectory, clock, rootToken, issuer })
  const server = await startDevServer({ store, host: '127.0.0.1', port: 0, logger })
  const { client } = connect(server.address)
  return {
    description: 'embedded development store',
    address: server.address,
    mount: 'secret',
    authType: 'kubernetes',
    authPath: 'auth/kubernetes',
    write: writer(client, rootToken),
    issuer,
    close: server.close,
  }
}

/** The Vault of the user, with mounts of the demo's own that are removed in the end. */
export async function useVault(
  address: string,
  token: string | undefined,
  root: string,
): Promise<DemoStore> {
  if (token === undefined || token === '') {
    throw new AppError('config_invalid', { reason: 'VAULT_TOKEN must be set beside VAULT_ADDR' })
  }
  const issuer = await openIssuer(join(root, 'issuer'), systemClock)
  const secret = new Secret(token)
  const { client, transport } = connect(address)
  const write = writer(client, secret)
  const remove = (path: string) =>
    transport({
      uri: `${address}/v1/${path}`,
      method: 'DELETE',
      headers: { 'X-Vault-Token': secret.reveal(), 'X-Vault-Request': 'true' },
    })
  const name = 'claviger-demo'
  const store: DemoStore = {
    description: `Vault at ${address}`,
    address,
    mount: name,
    authType: 'jwt',
    authPath: `auth/${name}`,
    write,
    issuer,
    close: async () => {
      await remove(`sys/mounts/${name}`)
      await remove(`sys/auth/${name}`)
      await remove(`sys/policies/acl/${name}`)
    },
  }
  // What an earlier run may have left, when it was killed.
  await store.close()
  await write(`sys/mounts/${name}`, { type: 'kv', options: new Map([['version', '2']]) })
  await write(`sys/auth/${name}`, { type: 'jwt' })
  await write(`auth/${name}/config`, { jwt_validation_pubkeys: [issuer.publicKey] })
  return store
}

function connect(address: string): {
  readonly client: VaultClient
  readonly transport: VaultTransport
} {
  const transport = createTransport({ tls: {}, skipVerify: false, timeoutMs: 10_000 })
  return { transport, client: createVaultClient({ address, transport }) }
}

function writer(client: VaultClient, token: Secret): DemoStore['write'] {
  return async (path, data) => {
    await client.write(path, new Map(Object.entries(data)), { token })
  }
}
