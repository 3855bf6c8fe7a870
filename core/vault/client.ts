/** Vault's HTTP API through node-vault, with answers and errors in Claviger's types. */
import nodeVault from 'node-vault'
import { AppError, type Facts } from '../errors.ts'
import {
  type JsonObject,
  JsonSyntaxError,
  type JsonValue,
  parseJson,
  stringifyJson,
} from '../json.ts'
import type { Secret } from '../secret.ts'
import { endpointOf } from './endpoint.ts'
import { refusal } from './refusal.ts'
import type { RawAnswer, VaultTransport } from './transport.ts'

/** Paths are Vault's, without `/v1/`, slashes kept and everything else percent-encoded here. Errors: `store_*`, `secret_missing`. */
export interface VaultClient {
  readonly read: (path: string, options: CallOptions) => Promise<JsonObject>
  /** Resolves to an empty object when Vault answers 204. */
  readonly write: (path: string, data: JsonObject, options: CallOptions) => Promise<JsonObject>
  /** Of every call that names none. */
  readonly namespace?: string
}

/** The same with the one method that the agent's own work never needs. */
export interface RemovingVaultClient extends VaultClient {
  readonly remove: (path: string, options: CallOptions) => Promise<JsonObject>
}

export interface CallOptions {
  /** Absent for logins. */
  readonly token?: Secret
  readonly query?: readonly (readonly [string, string])[]
  /** Overrides the client's namespace. */
  readonly namespace?: string
  /** The answer comes wrapped, for this many milliseconds. */
  readonly wrapTtlMs?: number
  /** More headers, for logins that need them. */
  readonly headers?: Readonly<Record<string, string>>
}

export interface ClientOptions {
  /** `https://host:port`, a path prefix allowed, or `unix://PATH` with a transport that has that `socketPath`. */
  readonly address: string
  readonly namespace?: string
  readonly transport: VaultTransport
}

export function createVaultClient({
  address,
  namespace,
  transport,
}: ClientOptions): RemovingVaultClient {
  const vault = nodeVault({
    endpoint: endpointOf(address),
    'request-promise': { defaults: () => transport },
    // Its own debug output prints request bodies.
    debug: () => undefined,
    // Only `request` is used: no endpoint functions, and so neither their schemas nor their templates.
    commands: {},
    tv4: Object.assign(() => true, { validate: () => true }),
    mustache: {},
  })
  // node-vault falls back to VAULT_TOKEN and VAULT_NAMESPACE of the environment; each call states its own.
  vault.token = ''
  Object.assign(vault, { namespace: '' })

  const call = async (path: string, options: CallOptions, run: (request: Request) => unknown) => {
    const request = { path: requestPath(path, options), headers: headers(options, namespace) }
    return parseAnswer(await settle(run(request)), { address, path })
  }
  return {
    ...(namespace === undefined ? {} : { namespace }),
    read: (path, options) =>
      call(path, options, (request) => vault.request({ ...request, method: 'GET' })),
    remove: (path, options) =>
      call(path, options, (request) => vault.request({ ...request, method: 'DELETE' })),
    // PUT, as Vault's own client writes: node-vault's write would POST.
    write: (path, data, options) =>
      call(path, options, (request) =>
        vault.request({ ...request, method: 'PUT', json: stringifyJson(data) }),
      ),
  }
}

interface Request {
  readonly path: string
  readonly headers: Record<string, string>
}

function requestPath(path: string, { query = [] }: CallOptions): string {
  // As Go's client cleans it.
  const clean = path.replace(/\/{2,}/g, '/')
  const encoded = `/${clean.split('/').map(encodeURIComponent).join('/')}`
  const search = query.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')
  return search === '' ? encoded : `${encoded}?${search}`
}

function headers(
  options: CallOptions,
  clientNamespace: string | undefined,
): Record<string, string> {
  const { token, wrapTtlMs } = options
  const namespace = options.namespace ?? clientNamespace
  return {
    ...options.headers,
    'X-Vault-Request': 'true',
    ...(token === undefined ? {} : { 'X-Vault-Token': printable(token) }),
    ...(wrapTtlMs === undefined ? {} : { 'X-Vault-Wrap-TTL': `${Math.ceil(wrapTtlMs / 1000)}s` }),
    ...(namespace === undefined || namespace === '' ? {} : { 'X-Vault-Namespace': namespace }),
  }
}

/** Source: Vault's own client, which does not send such a token either. */
function printable(token: Secret): string {
  const text = token.reveal()
  if (/^[\x20-\x7e]*$/.test(text)) return text
  throw new AppError('token_invalid', { reason: 'characters that cannot be sent' })
}

/** node-vault throws for every status but 200 and 204, with our answer as its `response.body`. */
async function settle(pending: unknown): Promise<unknown> {
  try {
    return await pending
  } catch (thrown) {
    if (hasResponse(thrown)) return thrown.response.body
    throw thrown
  }
}

function hasResponse(thrown: unknown): thrown is { readonly response: { readonly body: unknown } } {
  return typeof thrown === 'object' && thrown !== null && 'response' in thrown
}

function parseAnswer(answer: unknown, facts: Facts): JsonObject {
  // The transport is the only source of answers; node-vault passes them through untouched.
  const raw = answer as RawAnswer
  if (raw.status === 404) return parseDataOfMissing(raw, facts)
  if (raw.status < 200 || raw.status > 299) throw refusal(raw, facts)
  if (raw.status === 204) return new Map()
  const parsed = parseBody(raw.text, facts)
  if (parsed instanceof Map) return parsed
  throw new AppError('store_answer_invalid', { ...facts, reason: 'not a JSON object' })
}

/** Vault answers a deleted version with 404 and its metadata; that is an answer to its own client too. */
function parseDataOfMissing(raw: RawAnswer, facts: Facts): JsonObject {
  if (raw.text.startsWith('{')) {
    const parsed = parseBody(raw.text, facts)
    if (parsed instanceof Map && parsed.get('data') instanceof Map) return parsed
  }
  throw refusal(raw, facts)
}

function parseBody(text: string, facts: Facts): JsonValue {
  try {
    return parseJson(text)
  } catch (thrown) {
    if (!(thrown instanceof JsonSyntaxError)) throw thrown
    throw new AppError('store_answer_invalid', { ...facts, reason: 'not JSON' })
  }
}
