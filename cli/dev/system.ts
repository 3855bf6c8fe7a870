/** The paths below sys/. */
import type { Clock } from '../../core/clock.ts'
import type { JsonObject } from '../../core/json.ts'
import { version } from '../../core/version.ts'
import type { Backend, BackendCall } from './backend.ts'
import {
  answer,
  type DevAnswer,
  failure,
  noContent,
  notFound,
  type Operation,
  unsupportedOperation,
  unsupportedPath,
} from './exchange.ts'
import { readSeconds } from './fields.ts'
import { jsonNumber, jsonObject, textMember } from './json.ts'
import type { Leases } from './leases.ts'
import { describeMount, type Mount, type MountKind, type Mounts } from './mounts.ts'
import type { Policies } from './policies.ts'
import { reachesMount } from './policy.ts'

export interface SystemParts {
  readonly clock: Clock
  readonly mounts: Mounts
  readonly policies: Policies
  readonly leases: Leases
  /** Called when a mount is removed, with everything that is stored below it. */
  readonly onUnmount: (mount: Mount) => void
}

interface SystemCall {
  readonly parts: SystemParts
  readonly call: BackendCall
  /** What the path's pattern leaves open. */
  readonly rest: string
}

interface Route {
  readonly pattern: RegExp
  readonly operations: Readonly<Partial<Record<Operation, (call: SystemCall) => DevAnswer>>>
}

const mountRoutes = (kind: MountKind, name: string): readonly Route[] => [
  { pattern: new RegExp(`^${name}/?()$`), operations: { read: listMounts(kind) } },
  {
    pattern: new RegExp(`^${name}/(.+)$`, 's'),
    operations: { read: readMount(kind), update: addMount(kind), delete: removeMount(kind) },
  },
]

const routes: readonly Route[] = [
  { pattern: /^health()$/, operations: { read: health } },
  { pattern: /^seal-status()$/, operations: { read: sealStatus } },
  ...mountRoutes('secret', 'mounts'),
  ...mountRoutes('auth', 'auth'),
  { pattern: /^internal\/ui\/mounts\/?()$/, operations: { read: visibleMounts } },
  { pattern: /^internal\/ui\/mounts\/(.+)$/s, operations: { read: preflight } },
  { pattern: /^policies\/acl\/?()$/, operations: { list: listPolicies } },
  {
    pattern: /^policies\/acl\/(.+)$/s,
    operations: { read: readPolicy, update: writePolicy, delete: removePolicy },
  },
  { pattern: /^leases\/renew()$/, operations: { update: renewLease } },
  { pattern: /^leases\/revoke()$/, operations: { update: revokeLease } },
  { pattern: /^leases\/lookup()$/, operations: { update: lookUpLease } },
]

const mountType = 'system'

/** Unlike any version of Vault's. */
const storeVersion = `${version}+claviger.dev`

export function createSystem(parts: SystemParts): Backend {
  return {
    isOpen: (path) => path === 'health' || path === 'seal-status',
    handle: (call) => {
      for (const { pattern, operations } of routes) {
        const match = pattern.exec(call.path)
        if (match === null) continue
        const run = operations[call.operation]
        return run === undefined ? unsupportedOperation : run({ parts, call, rest: match[1] ?? '' })
      }
      return unsupportedPath
    },
  }
}

function health({ parts }: SystemCall): DevAnswer {
  const body = jsonObject({
    initialized: true,
    sealed: false,
    standby: false,
    performance_standby: false,
    replication_performance_mode: 'disabled',
    replication_dr_mode: 'disabled',
    server_time_utc: jsonNumber(Math.floor(parts.clock.now() / 1000)),
    version: storeVersion,
    cluster_name: 'claviger-dev',
  })
  return { status: 200, body }
}

/** What `vault status` asks for. */
function sealStatus(): DevAnswer {
  const body = jsonObject({
    type: 'shamir',
    initialized: true,
    sealed: false,
    t: jsonNumber(1),
    n: jsonNumber(1),
    progress: jsonNumber(0),
    version: storeVersion,
    cluster_name: 'claviger-dev',
    storage_type: 'file',
  })
  return { status: 200, body }
}

function listMounts(kind: MountKind) {
  return ({ parts }: SystemCall): DevAnswer => {
    const described = parts.mounts
      .list(kind)
      .map((mount) => [ownPath(mount), describeMount(mount)] as const)
    return answer({ data: new Map(described), mountType })
  }
}

function readMount(kind: MountKind) {
  return ({ parts, rest }: SystemCall): DevAnswer => {
    const mount = parts.mounts.get(kind, withSlash(rest))
    if (mount !== undefined) return answer({ data: describeMount(mount), mountType })
    const what = kind === 'auth' ? 'auth' : 'secret'
    return failure(400, `No ${what} engine mount at ${withSlash(rest)}`)
  }
}

function addMount(kind: MountKind) {
  return ({ parts, call, rest }: SystemCall): DevAnswer => {
    parts.mounts.add(kind, withSlash(rest), call.body)
    return noContent
  }
}

function removeMount(kind: MountKind) {
  return ({ parts, rest }: SystemCall): DevAnswer => {
    const mount = parts.mounts.get(kind, withSlash(rest))
    if (mount !== undefined) {
      parts.mounts.remove(mount)
      parts.onUnmount(mount)
    }
    return noContent
  }
}

/** What the token may see of the mounts, by path. */
function visibleMounts({ parts, call }: SystemCall): DevAnswer {
  const rules = parts.policies.rulesOf(call.token?.policies ?? [])
  const describe = (kind: MountKind) =>
    new Map(
      parts.mounts
        .list(kind)
        .filter(({ path }) => rules === 'everything' || reachesMount(rules, path))
        .map((mount) => [ownPath(mount), describeMount(mount)] as const),
    )
  return answer({
    data: new Map([
      ['secret', describe('secret')],
      ['auth', describe('auth')],
    ]),
  })
}

/** The question of KV clients which mount and which version a path belongs to; it needs any right below the mount. */
function preflight({ parts, call, rest }: SystemCall): DevAnswer {
  const mount = parts.mounts.find(rest)
  const rules = parts.policies.rulesOf(call.token?.policies ?? [])
  const reached = mount !== undefined && (rules === 'everything' || reachesMount(rules, mount.path))
  if (!reached) {
    const refusal = `preflight capability check returned 403, please ensure client's policies grant access to path "${withSlash(rest)}"`
    return failure(403, refusal)
  }
  return answer({ data: new Map([...describeMount(mount), ['path', mount.path]]) })
}

function listPolicies({ parts }: SystemCall): DevAnswer {
  return answer({ data: jsonObject({ keys: parts.policies.list() }), mountType })
}

function readPolicy({ parts, rest }: SystemCall): DevAnswer {
  const policy = parts.policies.get(rest)
  if (policy === undefined) return notFound
  return answer({ data: jsonObject({ name: rest, policy }), mountType })
}

function writePolicy({ parts, call, rest }: SystemCall): DevAnswer {
  const text = textMember(call.body, 'policy')
  if (text === '') return failure(400, "'policy' parameter not supplied or empty")
  parts.policies.set(rest, text)
  return noContent
}

function removePolicy({ parts, rest }: SystemCall): DevAnswer {
  parts.policies.remove(rest)
  return noContent
}

function renewLease({ parts, call }: SystemCall): DevAnswer {
  const id = textMember(call.body, 'lease_id')
  if (id === '') return failure(400, 'lease_id must be specified')
  const increment = readSeconds(call.body.get('increment'), 'increment')
  const { lease, warnings } = parts.leases.renew(id, increment)
  return answer({
    leaseId: id,
    leaseDuration: secondsLeft(lease.term.expiresAt, parts.clock),
    renewable: true,
    ...(warnings.length === 0 ? {} : { warnings }),
  })
}

function revokeLease({ parts, call }: SystemCall): DevAnswer {
  const id = textMember(call.body, 'lease_id')
  if (id === '') return failure(400, 'lease_id must be specified')
  parts.leases.revoke(id)
  return noContent
}

function lookUpLease({ parts, call }: SystemCall): DevAnswer {
  const lease = parts.leases.find(textMember(call.body, 'lease_id'))
  if (lease === undefined) return failure(400, 'invalid lease')
  const { issuedAt, expiresAt } = lease.term
  const data: JsonObject = jsonObject({
    id: lease.id,
    issue_time: new Date(issuedAt).toISOString(),
    expire_time: new Date(expiresAt).toISOString(),
    renewable: true,
    ttl: jsonNumber(secondsLeft(expiresAt, parts.clock)),
  })
  return answer({ data, mountType })
}

function secondsLeft(expiresAt: number, clock: Clock): number {
  return Math.round((expiresAt - clock.now()) / 1000)
}

function ownPath({ kind, path }: Mount): string {
  return kind === 'auth' ? path.slice('auth/'.length) : path
}

function withSlash(path: string): string {
  return path.endsWith('/') ? path : `${path}/`
}
