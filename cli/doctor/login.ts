/** Logs in to the store as a pod would, with a token for its ServiceAccount, and explains a refusal. */
import { AppError } from '../../core/errors.ts'
import { JsonSyntaxError, type JsonValue, parseJson, stringifyJson } from '../../core/json.ts'
import { Secret } from '../../core/secret.ts'
import { endpointOf } from '../../core/vault/endpoint.ts'
import { parseEnvelope } from '../../core/vault/envelope.ts'
import type { RawAnswer } from '../../core/vault/transport.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { refuse } from '../cluster/refusal.ts'
import { read } from '../manifests/objects.ts'
import type { CheckId } from './checks.ts'
import type { StoreConnection } from './store-client.ts'

export interface Account {
  readonly namespace: string
  readonly serviceAccount: string
  /** Undefined for the API server's own. */
  readonly audience: string | undefined
}

/** Where and as what to log in. */
export interface Login {
  readonly mount: string
  readonly role: string
  readonly jwt: Secret
}

export type LoginOutcome =
  | { readonly kind: 'granted'; readonly token: Secret }
  | { readonly kind: 'refused'; readonly check: CheckId; readonly detail: string }

/** The shortest that the API server gives. */
const tokenSeconds = 600

/** By TokenRequest. Throws `kubernetes_refused` with the permission that is missing. */
export async function requestToken(cluster: Cluster, account: Account): Promise<Secret> {
  const { namespace, serviceAccount: name, audience } = account
  const place = { namespace, name, subresource: 'token' }
  const audiences = audience === undefined ? {} : { audiences: [audience] }
  const body = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { ...audiences, expirationSeconds: tokenSeconds },
  }
  const answer = await cluster.create('serviceaccounts', { ...place, body })
  const token = read(answer.body, ['status', 'token'])
  if (typeof token === 'string') return new Secret(token)
  throw refuse({ verb: 'create', resource: 'serviceaccounts', ...place }, answer.status)
}

/** What Vault's auth methods say of each fault. Source: its plugins kubernetes and jwt. */
const phrases: readonly (readonly [RegExp, CheckId, string])[] = [
  [/invalid role name|role ".*" could not be found/, 'role-missing', ''],
  [/service account name not authorized/, 'role-not-bound', 'the ServiceAccount is not'],
  [/namespace not authorized/, 'role-not-bound', 'the namespace is not'],
  [/error validating claims/, 'role-not-bound', 'the claims do not fit'],
  [/audience/, 'audience-wrong', ''],
  [/no handler for route|unsupported path/, 'auth-mount-missing', ''],
  [/could not load backend configuration/, 'login-refused', 'the auth method is not configured'],
]

/** Throws what keeps the store from answering. */
export async function logIn(store: StoreConnection, login: Login): Promise<LoginOutcome> {
  const { mount, role, jwt } = login
  const answer = await post(store, mount, [
    ['role', role],
    ['jwt', jwt.reveal()],
  ])
  if (answer.status === 200) return { kind: 'granted', token: readToken(answer) }
  const known = phrases.find(([phrase]) => phrase.test(answer.text))
  if (known !== undefined) return { kind: 'refused', check: known[1], detail: known[2] }
  return explainDenial(store, login, answer.status)
}

/** Vault says "permission denied" of mounts that are not there too; those that are there miss the token first. */
async function explainDenial(
  store: StoreConnection,
  { mount, role }: Login,
  status: number,
): Promise<LoginOutcome> {
  const without = await post(store, mount, [['role', role]])
  if (without.status === 403 || without.status === 404) {
    return { kind: 'refused', check: 'auth-mount-missing', detail: '' }
  }
  const detail = `status ${status}: the store could not have the token reviewed, or the address of this machine is not allowed`
  return { kind: 'refused', check: 'login-refused', detail }
}

async function post(
  { transport, place }: StoreConnection,
  mount: string,
  fields: readonly (readonly [string, JsonValue])[],
): Promise<RawAnswer> {
  const namespace = place.loginNamespace
  const { body } = await transport({
    uri: `${endpointOf(place.address)}/v1/${mount}/login`,
    method: 'POST',
    headers: {
      'X-Vault-Request': 'true',
      ...(namespace === undefined ? {} : { 'X-Vault-Namespace': namespace }),
    },
    json: stringifyJson(new Map(fields)),
  })
  return body
}

function readToken({ text }: RawAnswer): Secret {
  const answer = parse(text)
  const auth = answer instanceof Map ? parseEnvelope(answer).auth : undefined
  if (auth === undefined || auth.clientToken === '') {
    throw new AppError('store_answer_invalid', { reason: 'a login without a token' })
  }
  return new Secret(auth.clientToken)
}

function parse(text: string): JsonValue {
  try {
    return parseJson(text)
  } catch (thrown) {
    if (thrown instanceof JsonSyntaxError) return null
    throw thrown
  }
}
