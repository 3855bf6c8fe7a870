/** What is mounted where: kept in the settings, described in Vault's shape. */
import { randomUUID } from 'node:crypto'
import type { JsonObject, JsonValue } from '../../core/json.ts'
import { Refusal } from './exchange.ts'
import { jsonNumber, jsonObject, objectMember, textMember } from './json.ts'
import type { Settings } from './settings-file.ts'
import { systemMaxTtl } from './tokens.ts'

/** `secret`: engines, under their path. `auth`: methods, under `auth/` and their path. */
export type MountKind = 'secret' | 'auth'

export interface Mount {
  readonly kind: MountKind
  /** As requests name it, with its trailing slash: `secret/`, `auth/jwt/`. */
  readonly path: string
  readonly type: string
  /** The `version` option, empty for anything but KV. */
  readonly version: string
  readonly accessor: string
  readonly uuid: string
}

export interface Mounts {
  /** The mount on which a request's path lies; of several the longest. */
  readonly find: (path: string) => Mount | undefined
  readonly get: (kind: MountKind, path: string) => Mount | undefined
  readonly list: (kind: MountKind) => readonly Mount[]
  /** Throws a 400 `Refusal` for an unknown type and a path in use. */
  readonly add: (kind: MountKind, path: string, body: JsonObject) => Mount
  readonly remove: (mount: Mount) => void
}

const types: Readonly<Record<MountKind, readonly string[]>> = {
  secret: ['kv', 'kv-v1', 'kv-v2', 'database', 'pki'],
  auth: ['kubernetes', 'jwt', 'approle'],
}

const first: readonly (readonly [MountKind, string, JsonObject])[] = [
  ['secret', 'secret/', jsonObject({ type: 'kv-v2' })],
  ['secret', 'database/', jsonObject({ type: 'database' })],
  ['auth', 'kubernetes/', jsonObject({ type: 'kubernetes' })],
  ['auth', 'jwt/', jsonObject({ type: 'jwt' })],
]

/** Fresh settings get the mounts secret (KV version 2), database, auth/kubernetes and auth/jwt. */
export function openMounts(settings: Settings): Mounts {
  const list = (kind: MountKind) =>
    settings.list(`sys/${section[kind]}/`).flatMap((path) => readMount(settings, kind, path) ?? [])
  const add = (kind: MountKind, path: string, body: JsonObject) => {
    const described = describeNew(kind, body)
    const whole = mountPath(kind, path)
    const taken = [...list('secret'), ...list('auth')].some(
      (mount) => mount.path.startsWith(whole) || whole.startsWith(mount.path),
    )
    const own = kind === 'secret' ? [...reserved, 'auth/'] : reserved
    if (taken || own.some((prefix) => whole.startsWith(prefix))) {
      throw new Refusal(400, `path is already in use at ${path}`)
    }
    settings.set(`sys/${section[kind]}/${path}`, described)
    return toMount(kind, path, described)
  }
  if (settings.list('sys/').length === 0) for (const mount of first) add(...mount)
  return {
    list,
    add,
    get: (kind, path) => readMount(settings, kind, path),
    find: (path) =>
      [...list('secret'), ...list('auth')]
        .filter((mount) => `${path}/`.startsWith(mount.path))
        .sort((left, right) => right.path.length - left.path.length)[0],
    remove: ({ kind, path }) => {
      const own = kind === 'auth' ? path.slice('auth/'.length) : path
      settings.remove(`sys/${section[kind]}/${own}`)
      for (const rest of settings.list(path)) settings.remove(`${path}${rest}`)
    },
  }
}

const section: Readonly<Record<MountKind, string>> = { secret: 'mounts', auth: 'auth' }

const reserved = ['sys/', 'auth/token/', 'identity/', 'cubbyhole/']

/** As `sys/mounts`, `sys/auth` and the preflight of KV clients answer it. */
export function describeMount(mount: Mount): JsonObject {
  const options: JsonValue = mount.version === '' ? null : jsonObject({ version: mount.version })
  return jsonObject({
    accessor: mount.accessor,
    config: jsonObject({
      default_lease_ttl: jsonNumber(systemMaxTtl),
      force_no_cache: false,
      max_lease_ttl: jsonNumber(systemMaxTtl),
    }),
    description: '',
    external_entropy_access: false,
    local: false,
    options,
    seal_wrap: false,
    type: mount.type,
    uuid: mount.uuid,
  })
}

function mountPath(kind: MountKind, path: string): string {
  return kind === 'auth' ? `auth/${path}` : path
}

function describeNew(kind: MountKind, body: JsonObject): JsonObject {
  const type = textMember(body, 'type')
  if (!types[kind].includes(type)) {
    throw new Refusal(400, `plugin not found in the catalog: ${type.slice(0, 40)}`)
  }
  const [plain = '', suffix] = type.split('-v')
  const asked = suffix ?? textMember(objectMember(body, 'options') ?? new Map(), 'version')
  const version = plain === 'kv' ? asked || '1' : ''
  if (!['', '1', '2'].includes(version)) throw new Refusal(400, 'unknown KV version')
  const uuid = randomUUID()
  return jsonObject({ type: plain, version, uuid, accessor: `${plain}_${uuid.slice(0, 8)}` })
}

function readMount(settings: Settings, kind: MountKind, path: string): Mount | undefined {
  const described = settings.get(`sys/${section[kind]}/${path}`)
  return described === undefined ? undefined : toMount(kind, path, described)
}

function toMount(kind: MountKind, path: string, described: JsonObject): Mount {
  const text = (name: string) => textMember(described, name)
  return {
    kind,
    path: mountPath(kind, path),
    type: text('type'),
    version: text('version'),
    accessor: text('accessor'),
    uuid: text('uuid'),
  }
}
