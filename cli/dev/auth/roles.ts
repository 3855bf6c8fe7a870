/** The roles of auth methods: their own fields, and those about tokens that all have. */

import type { JsonObject } from '../../../core/json.ts'
import type { BackendCall } from '../backend.ts'
import {
  answer,
  type DevAnswer,
  listAnswer,
  noContent,
  notFound,
  unsupportedPath,
} from '../exchange.ts'
import { type FieldTable, readFields } from '../fields.ts'
import { numberMember, textMember, textsMember } from '../json.ts'
import type { Settings } from '../settings-file.ts'
import type { TokenSpec } from '../tokens.ts'

/** Source: https://developer.hashicorp.com/vault/api-docs/auth/kubernetes, "Create/update role", the parameters named token_. */
const tokenFields: FieldTable = {
  token_explicit_max_ttl: 'seconds',
  token_max_ttl: 'seconds',
  token_no_default_policy: 'boolean',
  token_period: 'seconds',
  token_policies: 'texts',
  token_ttl: 'seconds',
  token_type: 'text',
}

/** What differs between methods. */
export interface RoleKind {
  readonly type: string
  readonly roleFields: FieldTable
  /** Throws a 400 `Refusal` for a role that cannot be. */
  readonly checkRole: (role: JsonObject) => void
}

export interface RoleOptions {
  /** `auth/PATH/`. */
  readonly mount: string
  readonly settings: Settings
}

/** What a role says about the tokens of its logins. */
export function tokenSpec(role: JsonObject): Omit<TokenSpec, 'displayName' | 'path'> {
  return {
    policies: withDefault(
      textsMember(role, 'token_policies'),
      role.get('token_no_default_policy') !== true,
    ),
    ttl: numberMember(role, 'token_ttl'),
    maxTtl: numberMember(role, 'token_max_ttl'),
    period: numberMember(role, 'token_period'),
    explicitMaxTtl: numberMember(role, 'token_explicit_max_ttl'),
    batch: textMember(role, 'token_type') === 'batch',
  }
}

/** Lower-case, sorted and unique as Vault keeps them. */
export function withDefault(policies: readonly string[], adding: boolean): readonly string[] {
  const names = policies.map((name) => name.trim().toLowerCase())
  return Array.from(new Set(adding ? [...names, 'default'] : names)).sort()
}

/** `path` is the role's name. */
export function handleRole(
  method: RoleKind,
  { mount, settings }: RoleOptions,
  { operation, path, body }: BackendCall,
): DevAnswer {
  const key = `${mount}role/${path}`
  const previous = settings.get(key)
  switch (operation) {
    case 'list':
      return listAnswer(settings.list(`${mount}role/`), method.type)
    case 'read':
      return previous === undefined ? notFound : answer({ data: previous, mountType: method.type })
    case 'delete':
      settings.remove(key)
      return noContent
    case 'update': {
      if (path === '') return unsupportedPath
      const role = readFields({ ...method.roleFields, ...tokenFields }, body, previous)
      method.checkRole(role)
      settings.set(key, role)
      return noContent
    }
  }
}
