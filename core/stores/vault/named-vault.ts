/** A Vault beside the pod's own, as one store among others. */
import { AppError } from '../../errors.ts'
import { JsonNumber } from '../../json.ts'
import type { SecretAnswer } from '../../template/secret-request.ts'
import { createVaultClient } from '../../vault/client.ts'
import { parseEnvelope } from '../../vault/envelope.ts'
import { createTransport } from '../../vault/transport.ts'
import { refuseTags } from '../name-filter.ts'
import { readEach, storeError, unlessEnded } from '../read-each.ts'
import { type StoreSettings, settingOf } from '../settings/store-settings.ts'
import type { Store, StorePorts, StoreRead } from '../store.ts'
import { reachStore } from '../store-exchange.ts'
import { listKv } from './kv-listing.ts'
import { deleteKv, historyOfKv, type KvCaller, restoreKv, writeKv } from './kv-secrets.ts'
import { createMounts, type MountMemory } from './mounts.ts'
import { createVaultStore } from './vault.ts'
import { createSession } from './vault-session.ts'

const laptop = 'https://127.0.0.1:8200'
const renewal = 'sys/leases/renew'

/** Errors: `config_invalid`, `tls_invalid`. */
export function openVault(settings: StoreSettings, ports: StorePorts): Store {
  const { name } = settings
  const { now } = ports
  const client = connect(settings, ports)
  const session = createSession(settings, ports, client)
  const memory: MountMemory = new Map()
  const store = createVaultStore(client, now, memory)
  const mounts = createMounts({ client, memory, now })
  const at = async <T>(
    path: string,
    signal: AbortSignal | undefined,
    work: (caller: KvCaller) => Promise<T>,
  ): Promise<T> => {
    const run = () => session.run((token) => work({ client, token, mounts }))
    return unlessEnded(run, signal).catch((thrown: unknown) => {
      throw storeError(thrown, { store: name, path })
    })
  }
  const read = ({ path, version }: StoreRead) =>
    session.run(async (token) => {
      const query = version === undefined ? [] : ([['version', version]] as const)
      const answer = await store.read({ kind: 'read', path: cleanPath(path), query }, token)
      const { leaseId, leaseDuration: seconds } = answer
      if (leaseId === '') return withVersion(answer, version)
      const leaseDuration = await session.bindLease({ leaseId, seconds, madeBy: token })
      return withVersion({ ...answer, leaseDuration }, version)
    })
  return {
    name,
    read: (reads, signal) =>
      readEach(reads, {
        store: name,
        read: (each) => unlessEnded(() => read(each), signal),
        countsVersions: true,
        signal,
      }),
    list: (query, signal) =>
      at(query.prefix ?? '', signal, async (caller) => {
        refuseTags(query, name)
        return listKv(query, caller)
      }),
    write: (write, signal) =>
      at(write.path, signal, (caller) =>
        writeKv({ ...write, path: cleanPath(write.path) }, caller),
      ),
    delete: (path, options, signal) =>
      at(path, signal, (caller) => deleteKv(cleanPath(path), options, caller)),
    restore: (path, signal) => at(path, signal, (caller) => restoreKv(cleanPath(path), caller)),
    history: (path, signal) => at(path, signal, (caller) => historyOfKv(cleanPath(path), caller)),
    revoke: () => session.revoke(),
    renew: (leaseId) =>
      at(renewal, undefined, async ({ token }) => {
        const data = new Map([['lease_id', leaseId]])
        const answer = parseEnvelope(await client.write(renewal, data, { token }))
        return session.bindLease({ leaseId, seconds: answer.leaseDuration, madeBy: undefined })
      }),
  }
}

function connect(settings: StoreSettings, ports: StorePorts) {
  const { environment } = ports
  const isPod = environment['KUBERNETES_SERVICE_HOST'] !== undefined
  const address = settingOf(settings, 'address', environment) ?? (isPod ? undefined : laptop)
  if (address === undefined) {
    throw new AppError('config_invalid', { store: settings.name, reason: 'no address' })
  }
  const namespace = settingOf(settings, 'namespace', environment)
  const serverName = settingOf(settings, 'server_name', environment)
  const transport = createTransport({
    ...reachStore(settings, ports),
    // A standby names the active node.
    followRedirects: true,
    ...(serverName === undefined ? {} : { serverName }),
  })
  return createVaultClient({
    address,
    transport,
    ...(namespace === undefined ? {} : { namespace }),
  })
}

/** Of a mount with versions. One that has none would answer what it has for any version. */
function withVersion(answer: SecretAnswer, asked: string | undefined): SecretAnswer {
  const { data } = answer
  const metadata = data?.get('metadata')
  const isVersioned = metadata instanceof Map && data?.has('data') === true
  // Destroyed: what is left of it is its metadata.
  if (isVersioned && data.get('data') === null) throw new AppError('secret_missing')
  const number = isVersioned ? metadata.get('version') : undefined
  const version = number instanceof JsonNumber ? number.text : undefined
  if (asked !== undefined && asked !== version) {
    throw new AppError('store_incapable', { reason: 'the mount keeps no versions' })
  }
  return version === undefined ? answer : { ...answer, version }
}

/** Errors: `input_invalid` for what leads elsewhere: Vault would clean it. */
function cleanPath(path: string): string {
  const clean = path.replace(/^\/+|\/+$/g, '')
  const isGood = clean !== '' && clean.split('/').every((part) => part !== '.' && part !== '..')
  if (isGood) return clean
  throw new AppError('input_invalid', { reason: 'not a path of a secret' })
}
