/** Who a store is to Entra ID, by its settings. */
import { createAsk, unavailable } from '../../cloud/ask.ts'
import {
  askMachineToken,
  exchangeProof,
  type Proof,
  publicAuthority,
  resourceOf,
} from '../../cloud/azure-token.ts'
import { type CloudToken, createTokenSource, type TokenSource } from '../../cloud/cloud-token.ts'
import { Secret } from '../../secret.ts'
import { type StoreSettings, settingOf } from '../settings/store-settings.ts'
import type { StorePorts } from '../store.ts'
import { reachStore } from '../store-exchange.ts'
import { wrongSetting } from '../wrong-setting.ts'
import { type Challenge, cloudOf } from './challenge.ts'

export interface AzureStoreIdentity {
  /** Whether the vault must be asked for the tenant. */
  readonly needsTenant: boolean
  /** Tokens that the challenge asks for. */
  readonly tokensFor: (challenge: Challenge) => TokenSource
}

interface Client {
  /** Undefined: the machine's managed identity. */
  readonly proof: Proof | undefined
  readonly clientId: string | undefined
  readonly tenantId: string | undefined
  readonly authority: string
  /** File of the authorities that Entra ID is verified by. */
  readonly caPath: string | undefined
}

/** No request is made before a token is asked for. Errors: `config_invalid`. */
export function createIdentity(
  settings: StoreSettings,
  ports: StorePorts,
  vaultUrl: string,
): AzureStoreIdentity {
  const client = readClient(settings, ports, vaultUrl)
  const { environment, memory, now } = ports
  const cloudPorts = { ask: createAsk(environment, reachStore(settings, ports)), environment, now }
  const sources = new Map<string, TokenSource>()
  const fetch = async ({ scope, tenantId: named }: Challenge): Promise<CloudToken> => {
    const { proof, clientId, authority } = client
    if (proof === undefined || clientId === undefined) {
      const machine = { resource: resourceOf(scope), objectId: undefined, clientId }
      return askMachineToken(machine, cloudPorts)
    }
    const tenantId = client.tenantId ?? named
    if (tenantId === undefined)
      throw unavailable({ reason: 'no tenant_id, and the vault names none' })
    return exchangeProof({ tenantId, clientId, authority, proof, scope }, cloudPorts)
  }
  return {
    needsTenant: client.proof !== undefined && client.tenantId === undefined,
    tokensFor: (challenge) => {
      const key = `azure-token ${JSON.stringify(keyOf(client, challenge))}`
      const known = sources.get(key)
      if (known !== undefined) return known
      const source = createTokenSource({ key, memory, now, fetch: () => fetch(challenge) })
      sources.set(key, source)
      return source
    },
  }
}

/** A secret in it shows as a marker, as it does everywhere. */
function keyOf(client: Client, { scope, tenantId: named }: Challenge) {
  const { proof, clientId, tenantId = named, authority, caPath } = client
  return [proof, clientId, tenantId, authority, caPath, scope]
}

function readClient(
  settings: StoreSettings,
  { environment }: StorePorts,
  vaultUrl: string,
): Client {
  const setting = (key: string) => settingOf(settings, key, environment)
  const proof = readProof(settings, environment)
  const clientId = setting('client_id')
  if (proof !== undefined && clientId === undefined) {
    throw wrongSetting(settings, 'client_id', 'the application that the identity is of')
  }
  return {
    proof,
    clientId,
    tenantId: setting('tenant_id'),
    authority: setting('authority') ?? cloudOf(vaultUrl)?.authority ?? publicAuthority,
    caPath: settingOf(settings, 'ca_cert'),
  }
}

function readProof(
  settings: StoreSettings,
  environment: StorePorts['environment'],
): Proof | undefined {
  const kind = settingOf(settings, 'identity')
  const path = settingOf(settings, 'token_path', environment)
  const secret = environment['AZURE_CLIENT_SECRET'] || undefined
  if (kind === 'managed') return undefined
  if (kind === 'workload' && path === undefined) {
    throw wrongSetting(
      settings,
      'token_path',
      'the file of the projected token, for identity=workload',
    )
  }
  if (kind === 'service-principal' && secret === undefined) {
    throw wrongSetting(
      settings,
      'identity',
      'the variable AZURE_CLIENT_SECRET, for service-principal',
    )
  }
  if (path !== undefined && kind !== 'service-principal') return { kind: 'file', path }
  return secret === undefined ? undefined : { kind: 'secret', secret: new Secret(secret) }
}
