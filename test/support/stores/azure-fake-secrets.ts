/** What a Key Vault keeps, with its rules for names, versions, attributes and soft deletion. */
import { randomBytes } from 'node:crypto'

export class VaultError extends Error {
  readonly status: number
  readonly code: string
  readonly inner: string | undefined

  constructor(status: number, code: string, inner?: string) {
    super(`${code} ${inner ?? ''}`)
    this.status = status
    this.code = code
    this.inner = inner
  }
}

export interface FakeVersion {
  readonly version: string
  readonly value: string
  readonly contentType: string | undefined
  tags: Readonly<Record<string, string>> | undefined
  attributes: Attributes
}

export interface Attributes {
  readonly enabled: boolean
  readonly nbf?: number
  readonly exp?: number
  readonly created: number
  readonly updated: number
}

export interface FakeSecret {
  readonly name: string
  /** Oldest first. */
  readonly versions: FakeVersion[]
  /** Seconds since the epoch. */
  deletedAt: number | undefined
  /** For so many requests more it is neither here nor there. */
  moving: number
}

export interface FakeSecrets {
  /** By the name in lower case: names differ by more than case. */
  readonly all: Map<string, FakeSecret>
  readonly find: (name: string) => FakeSecret
  readonly findDeleted: (name: string) => FakeSecret
  readonly findVersion: (name: string, version: string) => FakeVersion
  readonly set: (name: string, body: Readonly<Record<string, unknown>>) => FakeVersion
  readonly update: (version: FakeVersion, body: Readonly<Record<string, unknown>>) => void
  readonly remove: (name: string) => FakeSecret
  readonly recover: (name: string) => FakeSecret
  readonly purge: (name: string) => void
}

export function createFakeSecrets(lag: () => number): FakeSecrets {
  const all = new Map<string, FakeSecret>()
  let seconds = Date.UTC(2026, 0, 1) / 1000
  const missing = () => new VaultError(404, 'SecretNotFound')
  const find = (name: string) => {
    const secret = all.get(name.toLowerCase())
    if (secret === undefined || secret.deletedAt !== undefined) throw missing()
    if (isMoving(secret)) throw missing()
    return secret
  }
  const findDeleted = (name: string) => {
    const secret = all.get(name.toLowerCase())
    if (secret?.deletedAt === undefined || isMoving(secret)) throw missing()
    return secret
  }
  return {
    all,
    find,
    findDeleted,
    findVersion: (name, wanted) => {
      const { versions } = find(name)
      const found =
        wanted === '' ? versions.at(-1) : versions.find(({ version }) => version === wanted)
      if (found === undefined) throw missing()
      return found
    },
    set: (name, body) => {
      checkNotDeleted(all.get(name.toLowerCase()))
      const secret = all.get(name.toLowerCase()) ?? newSecret(name)
      const version = readVersion(body, ++seconds)
      secret.versions.push(version)
      all.set(name.toLowerCase(), secret)
      return version
    },
    update: (version, body) => {
      const { created } = version.attributes
      version.attributes = { ...version.attributes, ...readAttributes(body, ++seconds), created }
      if (body['tags'] !== undefined) version.tags = readTags(body['tags'])
    },
    remove: (name) => {
      const secret = find(name)
      secret.deletedAt = ++seconds
      secret.moving = lag()
      return secret
    },
    recover: (name) => {
      const secret = all.get(name.toLowerCase())
      if (secret?.deletedAt === undefined) throw missing()
      if (isMoving(secret)) throw new VaultError(409, 'Conflict', 'ObjectIsBeingDeleted')
      secret.deletedAt = undefined
      secret.moving = lag()
      return secret
    },
    purge: (name) => {
      findDeleted(name)
      all.delete(name.toLowerCase())
    },
  }
}

function newSecret(name: string): FakeSecret {
  return { name, versions: [], deletedAt: undefined, moving: 0 }
}

function isMoving(secret: FakeSecret): boolean {
  if (secret.moving === 0) return false
  secret.moving -= 1
  return true
}

function checkNotDeleted(secret: FakeSecret | undefined): void {
  if (secret?.deletedAt === undefined) return
  const inner = secret.moving > 0 ? 'ObjectIsBeingDeleted' : 'ObjectIsDeletedButRecoverable'
  throw new VaultError(409, 'Conflict', inner)
}

function readVersion(body: Readonly<Record<string, unknown>>, now: number): FakeVersion {
  const { value, contentType } = body
  const isRight = typeof value === 'string' && Buffer.byteLength(value) <= 25_600
  if (!isRight) throw new VaultError(400, 'BadParameter')
  if (contentType !== undefined && typeof contentType !== 'string') {
    throw new VaultError(400, 'BadParameter')
  }
  return {
    version: randomBytes(16).toString('hex'),
    value,
    contentType,
    tags: body['tags'] === undefined ? undefined : readTags(body['tags']),
    attributes: readAttributes(body, now),
  }
}

function readTags(tags: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(Object(tags))
  const isRight = entries.every(
    ([name, value]) => name.length <= 512 && typeof value === 'string' && value.length <= 256,
  )
  if (!isRight || entries.length > 15) throw new VaultError(400, 'BadParameter')
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]))
}

function readAttributes(body: Readonly<Record<string, unknown>>, now: number): Attributes {
  const given: Readonly<Record<string, unknown>> = Object(body['attributes'])
  const known = ['enabled', 'nbf', 'exp']
  if (Object.keys(given).some((name) => !known.includes(name))) {
    throw new VaultError(400, 'BadParameter')
  }
  const { enabled, nbf, exp } = given
  return {
    enabled: enabled !== false,
    ...(typeof nbf === 'number' ? { nbf } : {}),
    ...(typeof exp === 'number' ? { exp } : {}),
    created: now,
    updated: now,
  }
}
