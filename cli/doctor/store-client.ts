/** A connection to the store of an agent, as that agent has it, from here. */
import { readFileSync } from 'node:fs'
import type { AgentConfig } from '../../agent/config/agent-config.ts'
import { toAppError } from '../../core/errors.ts'
import type { Variables } from '../../core/go-flags.ts'
import { createVaultClient, type VaultClient } from '../../core/vault/client.ts'
import { createTransport, pickProxy, type VaultTransport } from '../../core/vault/transport.ts'
import type { PodState } from '../status/read-pods.ts'

const timeoutMs = 10_000

/** Where the store is and how its certificate is judged. */
export interface StorePlace {
  readonly address: string
  /** Of reads. */
  readonly namespace: string | undefined
  readonly loginNamespace: string | undefined
  /** PEM; undefined for the roots of this machine, or for files that only the pod has. */
  readonly ca: string | undefined
  /** A file in the pod with the CA, which cannot be had from here. */
  readonly caInPod: string | undefined
  readonly serverName: string | undefined
  readonly skipVerify: boolean
}

export interface StoreOptions {
  readonly variables: Variables
  /** In the place of the agent's. */
  readonly address: string | undefined
  /** Whether tokens may be asked for. */
  readonly mayLogIn: boolean
  /** Agents that use the store. */
  readonly states: readonly PodState[]
}

export interface StoreConnection {
  readonly place: StorePlace
  readonly client: VaultClient
  /** For answers whose words tell more than their status. */
  readonly transport: VaultTransport
}

/** `address` takes the place of the agent's. */
export function describePlace(
  { vault }: Pick<AgentConfig, 'vault'>,
  address: string | undefined,
): StorePlace {
  return {
    address: address ?? vault.address,
    namespace: vault.namespace,
    loginNamespace: vault.loginNamespace,
    ca: vault.caCertPem,
    caInPod: vault.caCertPath ?? vault.caPath,
    serverName: vault.serverName,
    skipVerify: vault.skipVerify,
  }
}

/** VAULT_CACERT of this machine stands in where the agent has no CA, or one that only the pod has. Throws `input_invalid`. */
export function connectStore(place: StorePlace, variables: Variables): StoreConnection {
  const ca = place.ca ?? readCa(variables['VAULT_CACERT'])
  const transport = createTransport({
    tls: ca === undefined ? {} : { ca },
    skipVerify: place.skipVerify,
    timeoutMs,
    proxy: pickProxy(variables),
    ...(place.serverName === undefined ? {} : { serverName: place.serverName }),
  })
  const { address, namespace } = place
  const scope = namespace === undefined ? {} : { namespace }
  return { place, transport, client: createVaultClient({ address, transport, ...scope }) }
}

function readCa(path: string | undefined): Buffer | undefined {
  if (path === undefined || path === '') return undefined
  try {
    return readFileSync(path)
  } catch (thrown) {
    throw toAppError(thrown, 'input_invalid', { path })
  }
}
