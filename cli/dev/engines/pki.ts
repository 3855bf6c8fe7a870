/** Certificates as the pki engine issues them, of one authority a mount. Source of messages and statuses: Vault's. */
import type { Clock } from '../../../core/clock.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { Backend, BackendCall } from '../backend.ts'
import {
  answer,
  type DevAnswer,
  failure,
  listAnswer,
  listErrors,
  noContent,
  notFound,
  unsupportedOperation,
  unsupportedPath,
} from '../exchange.ts'
import { readFields } from '../fields.ts'
import { jsonNumber, jsonObject, numberMember, textMember } from '../json.ts'
import type { Settings } from '../settings-file.ts'
import { systemMaxTtl } from '../tokens.ts'
import { type Authority, type Issued, issueCertificate, makeAuthority } from './pki-certificates.ts'
import {
  addressesOf,
  keyFields,
  keysOf,
  namesOf,
  requestFields,
  roleDefaults,
  roleFields,
  ttlOf,
} from './pki-role.ts'

const mountType = 'pki'

export interface PkiOptions {
  /** With its trailing slash. */
  readonly mount: string
  readonly settings: Settings
  readonly clock: Clock
}

export function createPki(options: PkiOptions): Backend {
  return {
    handle: (call) => {
      if (call.path === 'root/generate/internal') return generateRoot(options, call)
      if (call.path === 'cert/ca') return readAuthority(options, call)
      const [, kind, name = ''] = /^(roles|issue)(?:\/(.*))?$/s.exec(call.path) ?? []
      if (kind === undefined) return unsupportedPath
      return kind === 'roles' ? handleRole(options, call, name) : issue(options, call, name)
    },
  }
}

function generateRoot({ mount, settings, clock }: PkiOptions, call: BackendCall): DevAnswer {
  if (call.operation !== 'update') return unsupportedOperation
  const given = readFields({ ...keyFields, ...requestFields }, call.body)
  const made = makeAuthority({
    keys: keysOf(given),
    commonName: textMember(given, 'common_name'),
    now: Math.floor(clock.now() / 1000),
    ttl: Math.min(numberMember(given, 'ttl') || systemMaxTtl, systemMaxTtl),
  })
  settings.set(`${mount}ca`, jsonObject({ certificate: made.certificate, key: made.privateKey }))
  return answer({ mountType, data: describe(made, made.certificate) })
}

function readAuthority({ mount, settings }: PkiOptions, { operation }: BackendCall): DevAnswer {
  if (operation !== 'read') return unsupportedOperation
  const certificate = authorityOf(settings, mount)?.certificate
  if (certificate === undefined) return failure(400, noAuthority)
  return answer({ data: jsonObject({ certificate, revocation_time: jsonNumber(0) }) })
}

function handleRole(options: PkiOptions, call: BackendCall, name: string): DevAnswer {
  const { mount, settings } = options
  const key = `${mount}roles/${name}`
  const role = settings.get(key)
  switch (call.operation) {
    case 'list':
      return listAnswer(settings.list(`${mount}roles/`), mountType)
    case 'read':
      return role === undefined ? notFound : answer({ data: role, mountType })
    case 'delete':
      settings.remove(key)
      return noContent
    case 'update': {
      if (name === '') return unsupportedPath
      const data = readFields(roleFields, call.body, role ?? roleDefaults)
      keysOf(data)
      settings.set(key, data)
      return answer({ data, mountType })
    }
  }
}

function issue({ mount, settings, clock }: PkiOptions, call: BackendCall, name: string): DevAnswer {
  if (call.operation !== 'update') return unsupportedOperation
  const role = settings.get(`${mount}roles/${name}`)
  if (role === undefined) return failure(400, `unknown role: ${name}`)
  const authority = authorityOf(settings, mount)
  if (authority === undefined) {
    return failure(
      500,
      listErrors(`could not fetch the CA certificate (was one set?): ${noAuthority}`),
    )
  }
  const asked = readFields(requestFields, call.body)
  const commonName = textMember(asked, 'common_name')
  if (commonName === '') return failure(400, 'the common_name field is required')
  const names = namesOf(role, asked)
  const now = Math.floor(clock.now() / 1000)
  const issued = issueCertificate(authority, {
    keys: keysOf(role),
    commonName,
    names,
    addresses: addressesOf(role, asked),
    now,
    ttl: ttlOf(role, asked),
    backdating: numberMember(role, 'not_before_duration'),
  })
  const data = new Map([
    ...describe(issued, authority.certificate),
    ['ca_chain', [authority.certificate]] as const,
    ['private_key', issued.privateKey] as const,
    ['private_key_type', issued.keyType] as const,
  ])
  return answer({ data, mountType })
}

function describe(issued: Issued, authority: string): JsonObject {
  return jsonObject({
    certificate: issued.certificate,
    expiration: jsonNumber(issued.notAfter),
    issuing_ca: authority,
    serial_number: issued.serial,
  })
}

const noAuthority = 'no default issuer currently configured'

function authorityOf(settings: Settings, mount: string): Authority | undefined {
  const kept = settings.get(`${mount}ca`)
  return (
    kept && { certificate: textMember(kept, 'certificate'), privateKey: textMember(kept, 'key') }
  )
}
