/** A bare client for the contract: whatever the server says, as status and JSON. */
import { randomUUID } from 'node:crypto'

export interface Target {
  readonly address: string
  readonly rootToken: string
}

export interface Reply {
  readonly status: number
  /** Undefined for an empty body. */
  readonly body: unknown
  readonly text: string
}

export interface CallOptions {
  readonly body?: unknown
  /** The root token unless given; null for none. */
  readonly token?: string | null
  /** For which the answer shall be wrapped: `60s`. */
  readonly wrapTtl?: string
}

export type Call = (method: string, path: string, options?: CallOptions) => Promise<Reply>

export function createCall(target: () => Target): Call {
  return async (method, path, { body, token, wrapTtl } = {}) => {
    const { address, rootToken } = target()
    const used = token === undefined ? rootToken : token
    const response = await fetch(`${address}/v1/${path}`, {
      method,
      headers: {
        ...(used === null ? {} : { 'X-Vault-Token': used }),
        ...(wrapTtl === undefined ? {} : { 'X-Vault-Wrap-TTL': wrapTtl }),
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      body: text.trim() === '' ? undefined : JSON.parse(text),
      text,
    }
  }
}

/** The value below `keys`, undefined when there is none. */
export function member(value: unknown, ...keys: readonly string[]): unknown {
  let found = value
  for (const key of keys) {
    if (typeof found !== 'object' || found === null) return undefined
    found = Object.getOwnPropertyDescriptor(found, key)?.value
  }
  return found
}

export function textAt(value: unknown, ...keys: readonly string[]): string {
  return String(member(value, ...keys))
}

/** A name that no other run has used. */
export function freshName(): string {
  return `contract-${randomUUID().slice(0, 8)}`
}

/** A new KV mount of `version`, ready for writes: Vault prepares version 2 in the background and answers 400 meanwhile. */
export async function mountKv(call: Call, version: 1 | 2): Promise<string> {
  const name = freshName()
  const mounted = await call('POST', `sys/mounts/${name}`, {
    body: { type: 'kv', options: { version: String(version) } },
  })
  if (mounted.status !== 204) throw new Error(`mounting answered ${mounted.status}`)
  if (version === 1) return name
  for (let attempt = 0; attempt < 200; attempt++) {
    const probe = await call('POST', `${name}/data/probe`, { body: { data: {} } })
    if (probe.status === 200) return name
  }
  throw new Error('the KV mount was not ready after 200 attempts')
}

export async function writePolicy(call: Call, rules: Readonly<Record<string, readonly string[]>>) {
  const name = freshName()
  const path = Object.fromEntries(
    Object.entries(rules).map(([pattern, capabilities]) => [pattern, { capabilities }]),
  )
  const policy = JSON.stringify({ path })
  const written = await call('PUT', `sys/policies/acl/${name}`, { body: { policy } })
  if (written.status !== 204) throw new Error(`the policy was answered ${written.status}`)
  return name
}

/** A token with one policy made of `rules`. */
export async function tokenFor(
  call: Call,
  rules: Readonly<Record<string, readonly string[]>>,
): Promise<string> {
  const policies = [await writePolicy(call, rules)]
  const created = await call('POST', 'auth/token/create', { body: { policies, ttl: '5m' } })
  return textAt(created.body, 'auth', 'client_token')
}
