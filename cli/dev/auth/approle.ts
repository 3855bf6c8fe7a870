/** The approle auth method. Source of messages and statuses: Vault's. */
import { createHash, randomUUID } from 'node:crypto'
import type { Clock } from '../../../core/clock.ts'
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
import { jsonNumber, jsonObject, numberMember, textMember } from '../json.ts'
import { describeAuth } from '../token-answers.ts'
import type { AuthOptions } from './auth-method.ts'
import { handleRole, type RoleKind, tokenSpec } from './roles.ts'

export interface ApproleOptions extends AuthOptions {
  readonly clock: Clock
}

const kind: RoleKind = {
  type: 'approle',
  roleFields: {
    bind_secret_id: 'boolean',
    secret_id_num_uses: 'number',
    secret_id_ttl: 'seconds',
  },
  checkRole: () => undefined,
}

/** Roles below `role/`, the id of each beside it, and the secret ids as hashes: what is on disk lets nobody log in. */
export function createApprole(options: ApproleOptions): Backend {
  return {
    isOpen: (path) => path === 'login',
    handle: (call) => {
      if (call.path === 'login') return logIn(options, call)
      const [, name = '', part] =
        /^role(?:\/([^/]*)(?:\/(role-id|secret-id))?)?$/.exec(call.path) ?? []
      if (!/^role(?:\/|$)/.test(call.path)) return unsupportedPath
      if (part === 'role-id') return handleRoleId(options, call, name)
      if (part === 'secret-id') return makeSecretId(options, call, name)
      return handleOwnRole(options, call, name)
    },
  }
}

function handleOwnRole(options: ApproleOptions, call: BackendCall, name: string): DevAnswer {
  const { mount, settings } = options
  const isNew = settings.get(`${mount}role/${name}`) === undefined
  const body = isNew ? new Map([['bind_secret_id', true], ...call.body]) : call.body
  const answered = handleRole(kind, options, { ...call, path: name, body })
  if (call.operation === 'update' && isNew) {
    settings.set(`${mount}role-id/${name}`, jsonObject({ role_id: randomUUID() }))
  }
  if (call.operation === 'delete') settings.remove(`${mount}role-id/${name}`)
  return answered
}

function handleRoleId({ mount, settings }: ApproleOptions, call: BackendCall, name: string) {
  const key = `${mount}role-id/${name}`
  const present = settings.get(key)
  if (call.operation === 'read') {
    return present === undefined ? notFound : answer({ data: present, mountType: kind.type })
  }
  if (call.operation !== 'update') return unsupportedOperation
  if (present === undefined) return unsupportedPath
  const given = readFields({ role_id: 'text' }, call.body)
  if (textMember(given, 'role_id') === '') return failure(400, 'missing role_id')
  settings.set(key, given)
  return noContent
}

const secretIdFields: FieldTable = { ttl: 'seconds', num_uses: 'number' }

function makeSecretId(options: ApproleOptions, call: BackendCall, name: string): DevAnswer {
  const { mount, settings, clock } = options
  if (call.operation !== 'update') return unsupportedOperation
  const role = settings.get(`${mount}role/${name}`)
  if (role === undefined) return noRole(name)
  const given = readFields(secretIdFields, call.body)
  const ttl = numberMember(given, 'ttl') || numberMember(role, 'secret_id_ttl')
  const uses = numberMember(given, 'num_uses') || numberMember(role, 'secret_id_num_uses')
  const secretId = randomUUID()
  settings.set(
    secretIdKey(mount, secretId),
    jsonObject({
      role: name,
      uses: jsonNumber(uses),
      expires_at: jsonNumber(ttl === 0 ? 0 : clock.now() + ttl * 1000),
    }),
  )
  const data = jsonObject({
    secret_id: secretId,
    secret_id_accessor: randomUUID(),
    secret_id_num_uses: jsonNumber(uses),
    secret_id_ttl: jsonNumber(ttl),
  })
  return answer({ data, mountType: kind.type })
}

function logIn(options: ApproleOptions, { operation, body }: BackendCall): DevAnswer {
  const { mount, settings, tokens } = options
  if (operation !== 'update') return unsupportedOperation
  const roleId = textMember(body, 'role_id')
  if (roleId === '') return failure(500, 'failed to determine alias name from login request')
  const name = settings
    .list(`${mount}role-id/`)
    .find((role) => settings.get(`${mount}role-id/${role}`)?.get('role_id') === roleId)
  const role = name === undefined ? undefined : settings.get(`${mount}role/${name}`)
  if (name === undefined || role === undefined) return refused
  if (role.get('bind_secret_id') === true) {
    const secretId = textMember(body, 'secret_id')
    if (secretId === '') return failure(400, 'missing secret_id')
    if (!useSecretId(options, secretId, name)) return refused
  }
  const token = tokens.create({
    displayName: mount.slice('auth/'.length, -1),
    path: `${mount}login`,
    metadata: new Map([['role_name', name]]),
    ...tokenSpec(role),
  })
  return answer({ auth: describeAuth(token, token.term?.ttl ?? 0) })
}

/** Whether the secret id is one of `role`; this use of it is counted. */
function useSecretId({ mount, settings, clock }: ApproleOptions, secretId: string, role: string) {
  const key = secretIdKey(mount, secretId)
  const kept = settings.get(key)
  if (kept === undefined || textMember(kept, 'role') !== role) return false
  if (isOver(kept, clock)) {
    settings.remove(key)
    return false
  }
  const uses = numberMember(kept, 'uses')
  if (uses === 1) settings.remove(key)
  if (uses > 1) settings.set(key, new Map([...kept, ['uses', jsonNumber(uses - 1)]]))
  return true
}

function isOver(kept: JsonObject, clock: Clock): boolean {
  const expiresAt = numberMember(kept, 'expires_at')
  return expiresAt > 0 && expiresAt <= clock.now()
}

function secretIdKey(mount: string, secretId: string): string {
  return `${mount}secret-id/${createHash('sha256').update(secretId).digest('hex')}`
}

const refused = failure(400, 'invalid role or secret ID')

function noRole(name: string): DevAnswer {
  return failure(404, `role "${name}" does not exist`)
}
