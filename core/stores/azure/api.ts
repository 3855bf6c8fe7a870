/** Calls of Key Vault, https://learn.microsoft.com/rest/api/keyvault, with the store's identity. */
import { AppError, type Facts } from '../../errors.ts'
import { createExchange } from '../../http/exchange.ts'
import type { JsonObject, JsonValue } from '../../json.ts'
import { Secret } from '../../secret.ts'
import { type BearerAnswer, type BearerCall, createBearerClient, isGood } from '../bearer-client.ts'
import { unlessEnded } from '../read-each.ts'
import { type StoreSettings, settingOf } from '../settings/store-settings.ts'
import type { StoreMemory, StorePorts } from '../store.ts'
import { reachStore } from '../store-exchange.ts'
import { wrongSetting } from '../wrong-setting.ts'
import {
  type Challenge,
  cloudOf,
  packChallenge,
  readChallenge,
  unpackChallenge,
} from './challenge.ts'
import { createIdentity } from './identity.ts'
import { describeRefusal, type Permission } from './refusal.ts'

const apiVersion = '2025-07-01'

export interface Vault {
  /** A good answer. Errors: those of a `Store`. */
  readonly call: (call: VaultCall, signal?: AbortSignal) => Promise<JsonObject>
  /** Any answer. */
  readonly send: (call: VaultCall, signal?: AbortSignal) => Promise<BearerAnswer>
}

export interface VaultCall {
  readonly method: BearerCall['method']
  /** Path with a slash before it, or a whole address that the vault gave for the next page. */
  readonly resource: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: JsonValue
  readonly permission: Permission
  readonly facts: Facts
}

/** Errors: `config_invalid`, `tls_invalid`. */
export function createVault(settings: StoreSettings, ports: StorePorts): Vault {
  const given = settingOf(settings, 'vault_url', ports.environment)
  if (given === undefined) {
    throw wrongSetting(
      settings,
      'vault_url',
      'the address of the vault, https://NAME.vault.azure.net',
    )
  }
  const vaultUrl = new URL(given).origin
  const facts = { store: settings.name }
  const client = createBearerClient(createExchange(reachStore(settings, ports)), ports.now)
  const identity = createIdentity(settings, ports, vaultUrl)
  const key = `azure-challenge ${JSON.stringify([vaultUrl, settingOf(settings, 'ca_cert')])}`
  const challenges = createChallenges(vaultUrl, identity.needsTenant, { key, memory: ports.memory })
  const send: Vault['send'] = async (call, signal) => {
    const { method, body } = call
    const url = addressOf(call, vaultUrl, facts)
    const content = body === undefined ? {} : { body }
    const known = challenges.known()
    const token =
      known === undefined ? undefined : await unlessEnded(identity.tokensFor(known).get, signal)
    const first = await client({ method, url, token, ...content }, signal)
    if (first.status !== 401) return first
    const challenge = readChallenge(first.headers, vaultUrl, settings.name) ?? known
    if (challenge === undefined) return first
    challenges.learn(challenge)
    const tokens = identity.tokensFor(challenge)
    if (token !== undefined) tokens.drop(token)
    const fresh = await unlessEnded(tokens.get, signal)
    return client({ method, url, token: fresh, ...content }, signal)
  }
  return {
    send,
    call: async (call, signal) => {
      const answer = await send(call, signal)
      const all = { ...facts, ...call.facts }
      if (!isGood(answer)) throw describeRefusal(answer, call.permission, all)
      if (answer.body !== undefined) return answer.body
      throw new AppError('store_answer_invalid', { ...all, reason: 'not JSON' })
    },
  }
}

interface Challenges {
  readonly known: () => Challenge | undefined
  readonly learn: (challenge: Challenge) => void
}

/** A vault of a known cloud need not be asked where its tenant is known too; another one is asked once. */
function createChallenges(
  vaultUrl: string,
  needsTenant: boolean,
  { key, memory }: { readonly key: string; readonly memory: StoreMemory },
): Challenges {
  const cloud = cloudOf(vaultUrl)
  const presumed =
    cloud === undefined || needsTenant
      ? undefined
      : { tenantId: undefined, scope: `https://${cloud.domain}/.default` }
  let learnt: Challenge | undefined
  return {
    known: () => {
      learnt ??= unpackChallenge(memory.recall(key)?.reveal() ?? '')
      return learnt ?? presumed
    },
    learn: (challenge) => {
      learnt = challenge
      memory.remember(key, new Secret(packChallenge(challenge)))
    },
  }
}

/** A next page elsewhere would take the token with it. */
function addressOf(
  { resource, query = {}, facts }: VaultCall,
  vaultUrl: string,
  store: Facts,
): string {
  if (resource.startsWith('/')) {
    return `${vaultUrl}${resource}?${new URLSearchParams({ 'api-version': apiVersion, ...query })}`
  }
  if (URL.canParse(resource) && new URL(resource).origin === vaultUrl) return resource
  throw new AppError('store_answer_invalid', {
    ...store,
    ...facts,
    reason: 'a next page elsewhere',
  })
}
