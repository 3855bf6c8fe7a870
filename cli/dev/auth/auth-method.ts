/** What the kubernetes and jwt auth methods share: roles, configuration, and the token at the end of a login. */

import type { JsonObject } from '../../../core/json.ts'
import type { Backend, BackendCall } from '../backend.ts'
import {
  answer,
  type DevAnswer,
  failure,
  noContent,
  notFound,
  unsupportedOperation,
  unsupportedPath,
} from '../exchange.ts'
import { type FieldTable, readFields } from '../fields.ts'
import { textMember } from '../json.ts'
import { describeAuth } from '../token-answers.ts'
import type { Tokens } from '../tokens.ts'
import { handleRole, type RoleKind, type RoleOptions, tokenSpec } from './roles.ts'

/** Who logged in, as the method read it from the JWT. */
export interface Identity {
  readonly displayName: string
  readonly metadata: ReadonlyMap<string, string>
}

/** What differs between methods. */
export interface AuthMethod extends RoleKind {
  readonly configFields: FieldTable
  /** Throws a 400 `Refusal` for a configuration that cannot be. */
  readonly checkConfig: (config: JsonObject) => void
  /** The 400 for a login without a JWT, and for one with an unknown role. */
  readonly missingJwt: string
  readonly unknownRole: (name: string) => string
  /** Throws a `Refusal` unless `jwt` may have `role`. */
  readonly identify: (login: Login) => Promise<Identity>
}

export interface Login {
  readonly jwt: string
  readonly role: JsonObject
  readonly config: JsonObject
}

export interface AuthOptions extends RoleOptions {
  readonly tokens: Tokens
}

export function createAuthMethod(method: AuthMethod, options: AuthOptions): Backend {
  return {
    isOpen: (path) => path === 'login',
    handle: (call) => {
      if (call.path === 'login') return logIn(method, options, call)
      if (call.path === 'config') return handleConfig(method, options, call)
      const [, name] = /^role(?:\/(.*))?$/s.exec(call.path) ?? [undefined, undefined]
      if (call.path !== 'role' && name === undefined) return unsupportedPath
      return handleRole(method, options, { ...call, path: name ?? '' })
    },
  }
}

async function logIn(
  method: AuthMethod,
  { mount, settings, tokens }: AuthOptions,
  { operation, body }: BackendCall,
): Promise<DevAnswer> {
  if (operation !== 'update') return unsupportedOperation
  const name = textMember(body, 'role')
  const jwt = textMember(body, 'jwt')
  if (name === '') return failure(400, 'missing role')
  const role = settings.get(`${mount}role/${name}`)
  if (role === undefined) return failure(400, method.unknownRole(name))
  if (jwt === '') return failure(400, method.missingJwt)
  const config = settings.get(`${mount}config`) ?? readFields(method.configFields, new Map())
  const { displayName, metadata } = await method.identify({ jwt, role, config })
  const token = tokens.create({
    displayName: `${mount.slice('auth/'.length, -1)}-${displayName}`,
    path: `${mount}login`,
    metadata: new Map([...metadata, ['role', name]]),
    ...tokenSpec(role),
  })
  return answer({ auth: describeAuth(token, token.term?.ttl ?? 0) })
}

function handleConfig(
  method: AuthMethod,
  { mount, settings }: AuthOptions,
  { operation, body }: BackendCall,
): DevAnswer {
  const previous = settings.get(`${mount}config`)
  if (operation === 'read') {
    return previous === undefined ? notFound : answer({ data: previous, mountType: method.type })
  }
  if (operation !== 'update') return unsupportedOperation
  const config = readFields(method.configFields, body)
  method.checkConfig(config)
  settings.set(`${mount}config`, config)
  return noContent
}
