/** Dynamic secrets as the database engine gives them, with a made-up user in place of a database's. */

import type { JsonObject } from '../../../core/json.ts'
import type { Backend, BackendCall } from '../backend.ts'
import {
  answer,
  type DevAnswer,
  failure,
  listAnswer,
  noContent,
  notFound,
  unsupportedOperation,
  unsupportedPath,
} from '../exchange.ts'
import { type FieldTable, readFields } from '../fields.ts'
import { jsonObject, numberMember } from '../json.ts'
import type { Leases } from '../leases.ts'
import type { Settings } from '../settings-file.ts'
import { randomText, systemMaxTtl } from '../tokens.ts'

/** Other fields of Vault's database roles speak of the database and are ignored. */
const roleFields: FieldTable = { default_ttl: 'seconds', max_ttl: 'seconds' }

export interface DatabaseOptions {
  /** With its trailing slash. */
  readonly mount: string
  readonly settings: Settings
  readonly leases: Leases
}

export function createDatabase(options: DatabaseOptions): Backend {
  return {
    handle: (call) => {
      const [, kind, name] = /^(roles|creds)\/?(.*)$/s.exec(call.path) ?? []
      if (kind === undefined || name === undefined) return unsupportedPath
      return kind === 'roles' ? handleRole(options, call, name) : issue(options, call, name)
    },
  }
}

function handleRole(options: DatabaseOptions, call: BackendCall, name: string): DevAnswer {
  const { mount, settings } = options
  const key = `${mount}roles/${name}`
  const role = settings.get(key)
  switch (call.operation) {
    case 'list':
      return listAnswer(settings.list(`${mount}roles/`), 'database')
    case 'update':
      settings.set(key, readFields(roleFields, call.body, role))
      return noContent
    case 'delete':
      settings.remove(key)
      return noContent
    case 'read':
      return role === undefined ? notFound : answer({ data: role, mountType: 'database' })
  }
}

function issue({ mount, settings, leases }: DatabaseOptions, call: BackendCall, name: string) {
  if (call.operation !== 'read' || call.token === undefined) return unsupportedOperation
  const role = settings.get(`${mount}roles/${name}`)
  if (role === undefined) return failure(400, `unknown role: ${name}`)
  const lease = leases.create(`${mount}creds/${name}`, call.token.id, leaseTimes(role))
  return answer({
    data: jsonObject({
      password: randomText(15),
      username: `v-${name.slice(0, 8)}-${randomText(12)}`,
    }),
    leaseId: lease.id,
    leaseDuration: lease.term.ttl,
    renewable: true,
    mountType: 'database',
  })
}

function leaseTimes(role: JsonObject) {
  const maxTtl = numberMember(role, 'max_ttl') || systemMaxTtl
  const ttl = Math.min(numberMember(role, 'default_ttl') || systemMaxTtl, maxTtl)
  return { ttl, maxTtl }
}
