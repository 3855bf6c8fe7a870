/** KV version 2: versions below `data/`, what is known about them below `metadata/`. */
import type { Clock } from '../../../core/clock.ts'
import type { JsonObject } from '../../../core/json.ts'
import { JsonNumber } from '../../../core/json.ts'
import type { Backend, BackendCall } from '../backend.ts'
import {
  answer,
  type DevAnswer,
  failure,
  listAnswer,
  noContent,
  notFound,
  Refusal,
  unsupportedOperation,
} from '../exchange.ts'
import { readNumber } from '../fields.ts'
import { objectMember } from '../json.ts'
import { asFolder } from './kv-v1.ts'
import {
  addVersion,
  changeVersions,
  currentVersion,
  describeSecret,
  describeVersion,
  findVersion,
  newSecret,
  type VersionChange,
} from './kv-versions.ts'
import type { SecretFiles } from './secret-files.ts'

const mountType = 'kv'

export function createKvV2(files: SecretFiles, clock: Clock): Backend {
  const now = () => new Date(clock.now()).toISOString()
  return {
    exists: (path) => path.startsWith('data/') && files.read(secretPath(path)) !== undefined,
    handle: (call) => {
      const { path } = call
      if (path.startsWith('metadata/') || (path === 'metadata' && call.operation === 'list')) {
        return handleMetadata(files, call)
      }
      const change = changes.find((verb) => path.startsWith(`${verb}/`))
      if (change !== undefined) return handleChange(files, call, { change, now: now() })
      if (!path.startsWith('data/') || secretPath(path) === '' || call.operation === 'list') {
        return invalidPath(call)
      }
      return handleData(files, call, now())
    },
  }
}

const changes: readonly VersionChange[] = ['delete', 'undelete', 'destroy']

function handleChange(
  files: SecretFiles,
  call: BackendCall,
  change: { readonly change: VersionChange; readonly now: string },
): DevAnswer {
  if (call.operation !== 'update') return unsupportedOperation
  const numbers = readVersions(call.body)
  if (numbers.length === 0) return failure(400, 'No version number provided')
  const path = secretPath(call.path)
  const secret = files.read(path)
  if (secret !== undefined) files.write(path, changeVersions(secret, numbers, change))
  return noContent
}

function readVersions(body: JsonObject): readonly number[] {
  const given = body.get('versions') ?? []
  return (Array.isArray(given) ? given : [given]).map((item) => readNumber(item, 'versions'))
}

function handleData(files: SecretFiles, call: BackendCall, now: string): DevAnswer {
  const path = secretPath(call.path)
  const secret = files.read(path)
  switch (call.operation) {
    case 'update': {
      if (path.endsWith('/')) return failure(400, "cannot write to a path ending in '/'")
      checkSet(call.body, secret)
      const written = addVersion(secret ?? newSecret(now), readData(call.body), now)
      files.write(path, written)
      const metadata = describeVersion(written, currentVersion(written))
      return metadata === undefined ? notFound : answer({ data: metadata, mountType })
    }
    case 'delete':
      if (secret !== undefined) {
        const newest = [currentVersion(secret)]
        files.write(path, changeVersions(secret, newest, { change: 'delete', now }))
      }
      return noContent
    default:
      if (path.endsWith('/')) return invalidPath(call)
      return readVersion(secret, call.query.get('version'))
  }
}

function handleMetadata(files: SecretFiles, call: BackendCall): DevAnswer {
  const path = secretPath(call.path)
  if (call.operation === 'list') return listAnswer(files.list(asFolder(path)), mountType)
  if (call.operation === 'update') {
    return failure(405, 'the development store does not change the metadata of secrets')
  }
  if (call.operation === 'delete') {
    files.remove(path)
    return noContent
  }
  const secret = files.read(path)
  return secret === undefined ? notFound : answer({ data: describeSecret(secret), mountType })
}

/** A version that is deleted or destroyed answers 404 with its metadata. */
function readVersion(secret: JsonObject | undefined, asked: string | undefined): DevAnswer {
  if (secret === undefined) return notFound
  const number = asked === undefined ? 0 : Number(asked)
  if (!Number.isSafeInteger(number) || number < 0 || asked === '') {
    throw new Refusal(400, 'error converting input for field "version": expected a number')
  }
  const version = number === 0 ? currentVersion(secret) : number
  const metadata = describeVersion(secret, version)
  if (metadata === undefined) return notFound
  const { data, gone } = findVersion(secret, version)
  const body = new Map([
    ['data', data],
    ['metadata', metadata],
  ])
  return gone ? answer({ data: body }, 404) : answer({ data: body, mountType })
}

function readData(body: JsonObject): JsonObject | null {
  const data = body.get('data')
  if (data === undefined) throw new Refusal(400, 'no data provided')
  if (data === null || data instanceof Map) return data
  throw new Refusal(400, 'error converting input for field "data": expected a map')
}

/** `options.cas`: 0 for a secret that must not exist yet, else its current version. */
function checkSet(body: JsonObject, secret: JsonObject | undefined): void {
  const cas = objectMember(body, 'options')?.get('cas')
  if (cas === undefined || cas === null) return
  const wanted = Number(cas instanceof JsonNumber ? cas.text : cas)
  if (wanted !== (secret === undefined ? 0 : currentVersion(secret))) {
    throw new Refusal(400, 'check-and-set parameter did not match the current version')
  }
}

/** What follows `data/` or `metadata/`. */
function secretPath(path: string): string {
  const slash = path.indexOf('/')
  return slash === -1 ? '' : path.slice(slash + 1)
}

const subcommands = { read: 'get', list: 'list', update: 'put', delete: 'delete' } as const

/** Clients learn from this warning that the mount is of version 2. */
function invalidPath({ operation }: BackendCall): DevAnswer {
  const warning = `Invalid path for a versioned K/V secrets engine. See the API docs for the appropriate API endpoints to use. If using the Vault CLI, use 'vault kv ${subcommands[operation]}' for this operation.`
  return answer({ warnings: [warning] }, 404)
}
