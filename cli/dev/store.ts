/** The development store: the part of Vault that Claviger uses, behind one function, without HTTP. */
import { createHmac, randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import type { Clock } from '../../core/clock.ts'
import type { Secret } from '../../core/secret.ts'
import { createApprole } from './auth/approle.ts'
import { createAuthMethod } from './auth/auth-method.ts'
import { jwtMethod } from './auth/jwt.ts'
import { kubernetesMethod } from './auth/kubernetes.ts'
import { createTokenMethod } from './auth/token-method.ts'
import type { Backend } from './backend.ts'
import { createDatabase } from './engines/database.ts'
import { createKvV1 } from './engines/kv-v1.ts'
import { createKvV2 } from './engines/kv-v2.ts'
import { createPki } from './engines/pki.ts'
import { mountDirectory, openSecretFiles } from './engines/secret-files.ts'
import {
  type DevAnswer,
  type DevRequest,
  failure,
  listErrors,
  type Operation,
  Refusal,
  unsupportedOperation,
} from './exchange.ts'
import type { Issuer } from './issuer.ts'
import { createLeases, type Leases } from './leases.ts'
import { type Mount, type Mounts, openMounts } from './mounts.ts'
import { openPolicies, type Policies } from './policies.ts'
import { isAllowed } from './policy.ts'
import { openSettings, type Settings } from './settings-file.ts'
import { createSystem } from './system.ts'
import { createTokens, invalidToken, type Token, type Tokens } from './tokens.ts'
import { createWrapping, createWrappingPaths, type Wrapping } from './wrapping.ts'

export interface DevStoreOptions {
  /** Holds secrets, mounts, roles and policies; tokens and leases live in memory. */
  readonly dataDirectory: string
  /** Decides when tokens and leases end. */
  readonly clock: Clock
  readonly rootToken: Secret
  /** Whose JWTs logins accept where an auth method is not configured otherwise. */
  readonly issuer: Issuer
  /** Told of every request, after its answer is known: an audit log without values. */
  readonly onRequest?: (event: DevEvent) => void
}

export interface DevEvent {
  readonly path: string
  readonly operation: string
  readonly status: number
  /** Keyed hash of the accessor of the caller's token, the same for one token as long as the store runs. */
  readonly accessor?: string
}

/** Answers every request, also a wrong one; it rejects only when a file of the data directory cannot be read or written. */
export type DevStore = (request: DevRequest) => Promise<DevAnswer>

/** Errors: `input_invalid`, `write_failed`. */
export function createDevStore(options: DevStoreOptions): DevStore {
  const parts = openParts(options)
  const hashKey = randomBytes(32)
  return async (request) => {
    const token =
      request.token === undefined ? undefined : parts.tokens.find(request.token.reveal())
    const answered = wrap(parts, request, await settle(() => handle(parts, request, token)))
    options.onRequest?.({
      path: request.path,
      operation: operationOf(request) ?? request.method,
      status: answered.status,
      ...(token === undefined ? {} : { accessor: hash(hashKey, token.accessor) }),
    })
    return answered
  }
}

interface Parts extends DevStoreOptions {
  readonly settings: Settings
  readonly mounts: Mounts
  readonly policies: Policies
  readonly leases: Leases
  readonly tokens: Tokens
  readonly wrapping: Wrapping
  readonly system: Backend
  readonly tokenMethod: Backend
  readonly wrappingPaths: Backend
}

function openParts(options: DevStoreOptions): Parts {
  const { clock, rootToken, dataDirectory } = options
  const settings = openSettings(dataDirectory)
  const mounts = openMounts(settings)
  const policies = openPolicies(settings)
  const leases = createLeases(clock)
  const onEnd = (id: string) => {
    leases.revokeOfToken(id)
    wrapping.forget(id)
  }
  const tokens = createTokens({ clock, rootToken, onEnd })
  const wrapping = createWrapping(tokens)
  const onUnmount = ({ path }: Mount) =>
    rmSync(mountDirectory(dataDirectory, path), { recursive: true, force: true })
  return {
    ...options,
    settings,
    mounts,
    policies,
    leases,
    tokens,
    wrapping,
    system: createSystem({ clock, mounts, policies, leases, onUnmount }),
    tokenMethod: createTokenMethod(tokens, clock),
    wrappingPaths: createWrappingPaths(wrapping),
  }
}

function wrap({ wrapping }: Parts, { path, wrapTtl = 0 }: DevRequest, made: DevAnswer): DevAnswer {
  const isUnwrapping = path === 'sys/wrapping/unwrap'
  return wrapTtl === 0 || isUnwrapping ? made : wrapping.wrap(made, path, wrapTtl)
}

async function settle(run: () => Promise<DevAnswer>): Promise<DevAnswer> {
  try {
    return await run()
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown.answer
    throw thrown
  }
}

/** In Vault's order: who asks, may they, is there such a path. */
async function handle(
  parts: Parts,
  request: DevRequest,
  token: Token | undefined,
): Promise<DevAnswer> {
  const asked = operationOf(request)
  if (asked === undefined) return unsupportedOperation
  const target = findTarget(parts, request.path)
  const open = target?.backend.isOpen?.(target.path) ?? false
  if (!open && request.token === undefined) return failure(403, 'permission denied')
  if (!open && token === undefined) return failure(403, invalidToken)
  const creates = asked === 'update' && target?.backend.exists?.(target.path) === false
  if (!open && !mayRun(parts, request.path, { token, operation: creates ? 'create' : asked })) {
    return failure(403, listErrors('permission denied'))
  }
  if (target === undefined) {
    return failure(404, `no handler for route "${request.path}". route entry not found.`)
  }
  const { query, body, wrapTtl = 0 } = request
  return target.backend.handle({ operation: asked, path: target.path, query, body, wrapTtl, token })
}

const operations = new Map<string, Exclude<Operation, 'create'>>([
  ['GET', 'read'],
  ['LIST', 'list'],
  ['PUT', 'update'],
  ['POST', 'update'],
  ['DELETE', 'delete'],
])

function operationOf({ method, query }: DevRequest): Exclude<Operation, 'create'> | undefined {
  return method === 'GET' && query.get('list') === 'true' ? 'list' : operations.get(method)
}

interface Target {
  readonly backend: Backend
  /** Below the mount. */
  readonly path: string
}

const wrappingPrefix = 'sys/wrapping/'

function findTarget(parts: Parts, path: string): Target | undefined {
  if (path.startsWith(wrappingPrefix)) {
    return { backend: parts.wrappingPaths, path: path.slice(wrappingPrefix.length) }
  }
  if (path.startsWith('sys/')) return { backend: parts.system, path: path.slice(4) }
  if (path.startsWith('auth/token/')) return { backend: parts.tokenMethod, path: path.slice(11) }
  const mount = parts.mounts.find(path)
  if (mount === undefined) return undefined
  return { backend: openBackend(parts, mount), path: path.slice(mount.path.length) }
}

function openBackend(parts: Parts, mount: Mount): Backend {
  const { settings, tokens, leases, issuer, clock, dataDirectory } = parts
  const { path } = mount
  switch (mount.type) {
    case 'kubernetes':
      return createAuthMethod(kubernetesMethod(issuer, clock), { mount: path, settings, tokens })
    case 'jwt':
      return createAuthMethod(jwtMethod(issuer, clock), { mount: path, settings, tokens })
    case 'approle':
      return createApprole({ mount: path, settings, tokens, clock })
    case 'pki':
      return createPki({ mount: path, settings, clock })
    case 'database':
      return createDatabase({ mount: path, settings, leases })
    default: {
      const files = openSecretFiles(dataDirectory, path)
      return mount.version === '2' ? createKvV2(files, clock) : createKvV1(files)
    }
  }
}

/** The preflight of KV clients asks for rights of its own kind, below. */
const preflight = 'sys/internal/ui/mounts'

function mayRun(
  { policies }: Parts,
  path: string,
  { token, operation }: { readonly token: Token | undefined; readonly operation: Operation },
): boolean {
  const rules = policies.rulesOf(token?.policies ?? [])
  if (rules === 'everything' || path.startsWith(preflight)) return true
  const asked = operation === 'list' && !path.endsWith('/') ? `${path}/` : path
  return isAllowed(rules, asked, operation)
}

function hash(key: Buffer, accessor: string): string {
  return `hmac-sha256:${createHmac('sha256', key).update(accessor).digest('hex')}`
}
