/** What Secret Manager keeps, with its rules for names, versions, etags and checksums. */

export class RpcError extends Error {
  readonly status: string

  constructor(status: string, message: string) {
    super(message)
    this.status = status
  }
}

export interface FakeSecret {
  readonly name: string
  readonly replication: unknown
  readonly createTime: string
  labels: Readonly<Record<string, string>>
  versionAliases: Readonly<Record<string, string>>
  etag: string
  readonly versions: FakeVersion[]
}

export interface FakeVersion {
  readonly name: string
  readonly createTime: string
  state: 'ENABLED' | 'DISABLED' | 'DESTROYED'
  etag: string
  bytes: Buffer
  readonly isChecked: boolean
}

export const projectNumber = '123456'

export interface FakeSecrets {
  /** By the name that Google gives it. */
  readonly all: Map<string, FakeSecret>
  readonly find: (name: string) => FakeSecret
  readonly findVersion: (name: string, version: string) => FakeVersion
  readonly create: (name: string, body: Readonly<Record<string, unknown>>) => FakeSecret
  readonly addVersion: (name: string, payload: unknown) => FakeVersion
  readonly touch: (resource: { etag: string }, etag: unknown) => void
}

const labelPattern = /^[a-z][a-z0-9_-]{0,62}$/

export function createFakeSecrets(): FakeSecrets {
  const all = new Map<string, FakeSecret>()
  let ticks = 0
  const nextTime = () => new Date(Date.UTC(2026, 0, 1) + ++ticks * 1000).toISOString()
  const nextEtag = () => `"${(++ticks).toString(16).padStart(14, '0')}"`
  const find = (name: string) => {
    const secret = all.get(name)
    if (secret === undefined) throw new RpcError('NOT_FOUND', `Secret [${name}] not found.`)
    return secret
  }
  return {
    all,
    find,
    findVersion: (name, wanted) => {
      const { versions, versionAliases } = find(name)
      const number =
        wanted === 'latest' ? String(versions.length) : (versionAliases[wanted] ?? wanted)
      const version = versions.find((each) => each.name.endsWith(`/versions/${number}`))
      if (version !== undefined) return version
      throw new RpcError('NOT_FOUND', `Secret Version [${name}/versions/${wanted}] not found.`)
    },
    create: (name, body) => {
      if (all.has(name)) throw new RpcError('ALREADY_EXISTS', `Secret [${name}] already exists.`)
      checkReplication(body['replication'], name.includes('/locations/'))
      const secret: FakeSecret = {
        name,
        replication: body['replication'],
        createTime: nextTime(),
        labels: checkLabels(body['labels'] ?? {}),
        versionAliases: {},
        etag: nextEtag(),
        versions: [],
      }
      all.set(name, secret)
      return secret
    },
    addVersion: (name, payload) => {
      const { versions } = find(name)
      const { bytes, isChecked } = readPayload(payload)
      const version: FakeVersion = {
        name: `${name}/versions/${versions.length + 1}`,
        createTime: nextTime(),
        state: 'ENABLED',
        etag: nextEtag(),
        bytes,
        isChecked,
      }
      versions.push(version)
      return version
    },
    touch: (resource, etag) => {
      if (etag !== undefined && etag !== '' && etag !== resource.etag) {
        throw new RpcError('FAILED_PRECONDITION', 'The etag provided does not match.')
      }
      resource.etag = nextEtag()
    },
  }
}

export function describeSecret({ versions: _, ...secret }: FakeSecret): object {
  return secret
}

export function describeVersion({ bytes: _, isChecked, ...version }: FakeVersion): object {
  return { ...version, ...(isChecked ? { clientSpecifiedPayloadChecksum: true } : {}) }
}

export function checkLabels(labels: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(labels ?? {})
  const isRight = entries.every(
    ([key, value]) => labelPattern.test(key) && /^[a-z0-9_-]{0,63}$/.test(String(value)),
  )
  if (!isRight) throw new RpcError('INVALID_ARGUMENT', 'a label')
  return Object.fromEntries(entries)
}

/** A global secret says how it is replicated, a regional one does not. */
function checkReplication(replication: unknown, isRegional: boolean): void {
  const text = JSON.stringify(replication)
  const isAutomatic = text === '{"automatic":{}}'
  const isManaged =
    /^\{"userManaged":\{"replicas":\[(?:\{"location":"[a-z0-9-]+"\},?)+\]\}\}$/.test(text ?? '')
  const isRight = isRegional ? replication === undefined : isAutomatic || isManaged
  if (!isRight) throw new RpcError('INVALID_ARGUMENT', 'replication')
}

function readPayload(payload: unknown): Pick<FakeVersion, 'bytes' | 'isChecked'> {
  const { data, dataCrc32c, ...rest }: Readonly<Record<string, unknown>> = Object(payload)
  if (Object.keys(rest).length > 0) throw new RpcError('INVALID_ARGUMENT', 'unknown member')
  if (typeof data !== 'string' || !/^[A-Za-z0-9+/]+={0,2}$/.test(data)) {
    throw new RpcError('INVALID_ARGUMENT', 'payload.data')
  }
  const bytes = Buffer.from(data, 'base64')
  if (bytes.length > 65_536) throw new RpcError('INVALID_ARGUMENT', 'payload.data is too large')
  const isChecked = dataCrc32c !== undefined
  if (isChecked && String(dataCrc32c) !== String(slowCrc32c(bytes))) {
    throw new RpcError('INVALID_ARGUMENT', 'payload.data_crc32c does not match')
  }
  return { bytes, isChecked }
}

/** Bit by bit, so that it has nothing in common with what it checks. */
export function slowCrc32c(bytes: Uint8Array): number {
  let rest = 0xffffffff
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit++) {
      const isOdd = ((rest ^ (byte >> bit)) & 1) === 1
      rest = isOdd ? (rest >>> 1) ^ 0x82f63b78 : rest >>> 1
    }
  }
  return (rest ^ 0xffffffff) >>> 0
}
