/** The login request that all methods share. */
import { AppError, type ErrorCode, type Facts } from '../../core/errors.ts'
import type { JsonObject, JsonValue } from '../../core/json.ts'
import type { VaultClient } from '../../core/vault/client.ts'
import { parseEnvelope } from '../../core/vault/envelope.ts'
import { formatWrapInfo } from '../../core/vault/wrap-info.ts'
import type { AuthConfig } from '../config/auth-config.ts'
import type { AuthMethod, Login } from './auth-method.ts'

/** What a refusal usually means, by status. Source: the builtin auth backends of Vault. */
const hints = new Map<unknown, string>([
  [400, 'the role may not exist, or it does not accept these credentials'],
  [
    403,
    'the role may not be bound to this ServiceAccount or namespace, or nothing is mounted there',
  ],
  [404, 'nothing may be mounted at this path'],
])

const refusals = new Set<ErrorCode>(['store_refused', 'secret_missing', 'token_invalid'])

export interface LoginRequest {
  readonly client: VaultClient
  readonly auth: AuthConfig
  readonly facts: AuthMethod['facts']
  readonly data: JsonObject
}

/** One `PUT`. Errors: `login_refused` and `store_*`, with role, path and the store's status as facts. */
export async function sendLogin(request: LoginRequest): Promise<Login['granted']> {
  const { client, auth, facts, data } = request
  const { wrapTtlMs } = auth
  const options = wrapTtlMs === undefined ? {} : { wrapTtlMs }
  const answer = await describingFailures(facts, () => client.write(facts.path, data, options))
  return wrapTtlMs === undefined ? readToken(answer, facts) : readWrapping(answer, facts)
}

/** The result of `work`, its failures as those of a login. */
export async function describingFailures<T>(
  facts: AuthMethod['facts'],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    throw describeFailure(thrown, shownFacts(facts))
  }
}

function describeFailure(thrown: unknown, facts: Facts): unknown {
  if (!(thrown instanceof AppError)) return thrown
  const { status } = thrown.facts
  const hint = refusals.has(thrown.code) ? hints.get(status) : undefined
  const code = refusals.has(thrown.code) ? 'login_refused' : thrown.code
  const described = { ...thrown.facts, ...facts, ...(hint === undefined ? {} : { hint }) }
  return new AppError(code, described, { cause: thrown })
}

function readToken(answer: JsonObject, facts: AuthMethod['facts']): Login['granted'] {
  const { auth } = parseEnvelope(answer)
  if (auth !== undefined && auth.clientToken !== '') return { kind: 'token', auth }
  const asksForMore = hasMembers(answer.get('auth'), 'mfa_requirement')
  const reason = asksForMore ? 'a login that asks for a second factor' : 'a login without a token'
  throw new AppError('store_answer_invalid', { ...shownFacts(facts), reason })
}

export function readWrapping(answer: JsonObject, facts: AuthMethod['facts']): Login['granted'] {
  const text = formatWrapInfo(answer)
  if (text !== undefined) return { kind: 'wrapped', text }
  const reason = 'a login that is not wrapped'
  throw new AppError('store_answer_invalid', { ...shownFacts(facts), reason })
}

function hasMembers(value: JsonValue | undefined, name: string): boolean {
  return value instanceof Map && value.get(name) instanceof Map
}

/** A method without a role has none to show. */
function shownFacts({ path, role }: AuthMethod['facts']): Facts {
  return role === '' ? { path } : { path, role }
}
