/** Calls of Secret Manager, https://cloud.google.com/secret-manager/docs/reference/rest, with the store's identity. */
import { createAsk } from '../../cloud/ask.ts'
import { askGoogleProject } from '../../cloud/gcp-metadata.ts'
import { AppError, type Facts } from '../../errors.ts'
import { createExchange } from '../../http/exchange.ts'
import type { JsonObject, JsonValue } from '../../json.ts'
import {
  type BearerAnswer,
  type BearerCall,
  type BearerClient,
  createBearerClient,
  isGood,
} from '../bearer-client.ts'
import { unlessEnded } from '../read-each.ts'
import { type StoreSettings, settingOf } from '../settings/store-settings.ts'
import type { StorePorts } from '../store.ts'
import { reachStore } from '../store-exchange.ts'
import { wrongSetting } from '../wrong-setting.ts'
import { createIdentity, type GoogleStoreIdentity } from './identity.ts'
import { describeRefusal, type Need } from './refusal.ts'
import type { SecretPlace } from './secret-place.ts'

export interface SecretManager {
  /** A good answer. Errors: those of a `Store`. */
  readonly call: (call: ManagerCall, signal?: AbortSignal) => Promise<JsonObject>
  /** Any answer. */
  readonly send: (call: ManagerCall, signal?: AbortSignal) => Promise<BearerAnswer>
  /** `projects/P/secrets/S`, or of a location; where no project is configured the machine's is asked for. */
  readonly nameOf: (place: SecretPlace) => Promise<string>
  /** What the store's own secrets are in. */
  readonly parent: () => Promise<string>
}

export interface ManagerCall {
  readonly method: BearerCall['method']
  /** Below `/v1/`, as an address has it; with `projects/P/locations/L` it goes to that location. */
  readonly resource: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: JsonValue
  readonly need: Need
  readonly facts: Facts
}

/** Errors: `config_invalid`, `tls_invalid`. */
export function createSecretManager(settings: StoreSettings, ports: StorePorts): SecretManager {
  const facts = { store: settings.name }
  const identity = createIdentity(settings, ports)
  const client = createBearerClient(createExchange(reachStore(settings, ports)), ports.now)
  const parent = createParent(settings, ports)
  const endpoint = settingOf(settings, 'endpoint')
  const send: SecretManager['send'] = async (call, signal) => {
    const { method, resource, query = {}, body } = call
    const url = `${endpoint?.replace(/\/+$/, '') ?? hostOf(resource)}/v1/${resource}`
    const search = Object.keys(query).length === 0 ? '' : `?${new URLSearchParams(query)}`
    const content = body === undefined ? {} : { body }
    return sendWithToken(client, identity, { method, url: `${url}${search}`, ...content }, signal)
  }
  return {
    send,
    call: async (call, signal) => {
      const answer = await send(call, signal)
      if (!isGood(answer)) throw describeRefusal(answer, call.need, { ...facts, ...call.facts })
      if (answer.body !== undefined) return answer.body
      throw new AppError('store_answer_invalid', { ...facts, ...call.facts, reason: 'not JSON' })
    },
    parent,
    nameOf: async (place) => `${place.parent ?? (await parent())}/secrets/${place.id}`,
  }
}

/** Once more with another token where the first was not accepted: the clock of whoever ended it counts. */
async function sendWithToken(
  client: BearerClient,
  { tokens, headers }: GoogleStoreIdentity,
  given: Omit<BearerCall, 'token' | 'headers'>,
  signal: AbortSignal | undefined,
): Promise<BearerAnswer> {
  const getToken = () => unlessEnded(tokens.get, signal)
  const token = await getToken()
  const call = { ...given, headers: headers() }
  const answer = await client({ ...call, token }, signal)
  if (answer.status !== 401) return answer
  tokens.drop(token)
  return client({ ...call, token: await getToken() }, signal)
}

/** Regional secrets have a host for each location. */
function hostOf(resource: string): string {
  const [, location] = /^projects\/[^/]+\/locations\/([^/]+)\//.exec(`${resource}/`) ?? []
  return location === undefined
    ? 'https://secretmanager.googleapis.com'
    : `https://secretmanager.${location}.rep.googleapis.com`
}

function createParent(settings: StoreSettings, ports: StorePorts): () => Promise<string> {
  const { environment, now } = ports
  const given = settingOf(settings, 'project', environment)
  if (given !== undefined && !/^[a-z0-9][a-z0-9.:-]*$/.test(given)) {
    throw wrongSetting(settings, 'project', 'the id or number of a project')
  }
  const location = settingOf(settings, 'location')
  if (location !== undefined && !/^[a-z0-9-]+$/.test(location)) {
    throw wrongSetting(settings, 'location', 'a location such as europe-west3')
  }
  let asked: Promise<string> | undefined
  const ask = () => {
    asked ??= askGoogleProject({ ask: createAsk(environment), environment, now }).catch(
      (thrown: unknown) => {
        asked = undefined
        throw missingProject(thrown)
      },
    )
    return asked
  }
  const suffix = location === undefined ? '' : `/locations/${location}`
  return async () => `projects/${given ?? (await ask())}${suffix}`
}

function missingProject(thrown: unknown): AppError {
  const reason = 'neither project nor GOOGLE_CLOUD_PROJECT is set, and the machine has none'
  const facts = thrown instanceof AppError ? thrown.facts : {}
  return new AppError('credentials_unavailable', { ...facts, reason }, { cause: thrown })
}
