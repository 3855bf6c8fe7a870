/** Opens requests: node:http, node:https and unix sockets, each loaded with its first use because TLS is a large part of what the agent loads. */
import type { Agent, ClientRequest, IncomingMessage } from 'node:http'
import type { RequestOptions } from 'node:https'
import type { SecureContextOptions } from 'node:tls'
import { toAppError } from '../errors.ts'
import { ownRoots } from './own-roots.ts'
import { type ProxyVariables, proxyFor } from './proxy-variables.ts'

/** PEM bundle and client certificate; absent parts fall back to the system's roots and none. */
export type TlsMaterial = Pick<SecureContextOptions, 'ca' | 'cert' | 'key'>

export interface ConnectorOptions {
  readonly tls: TlsMaterial
  /** What has taken the place of what is held, at first `tls`; undefined: nothing. Asked before each https request, by every connector that has it. */
  readonly renewTls?: (held: TlsMaterial) => TlsMaterial | undefined
  readonly serverName?: string
  readonly skipVerify: boolean
  /** The variables that name a proxy, as they are set; none unless given. */
  readonly proxy?: ProxyVariables
  /** A unix socket that takes every request, whatever host its URL names. */
  readonly socketPath?: string
  /** Connections to one host at one time; more requests wait. Default: no bound. */
  readonly maxConnections?: number
  /** Whether a connection serves more than one request. Default true. */
  readonly keepAlive?: boolean
}

type Receive = (response: IncomingMessage) => void
export type Connect = (
  url: URL,
  options: RequestOptions,
  receive: Receive,
) => Promise<ClientRequest>

/** A kept connection that nobody used for so long is closed: what its name resolves to may have moved, or its peer may be gone. */
const idleMs = 30_000

/** Each connector has connections of its own. Rejects with `tls_invalid` for certificates that cannot be used. */
export function createConnector(options: ConnectorOptions): Connect {
  const loaded = new Map<string, Promise<Connect>>()
  return async (url, ...rest) => {
    const load = url.protocol === 'https:' ? loadHttps : loadHttp
    const connect = loaded.get(url.protocol) ?? load(options)
    loaded.set(url.protocol, connect)
    return (await connect)(url, ...rest)
  }
}

async function loadHttp(options: ConnectorOptions): Promise<Connect> {
  const { Agent, request } = await import('node:http')
  const { socketPath, proxy = {} } = options
  const pool = createPool((proxyEnv) => new Agent({ ...poolOptions(options), proxyEnv }))
  return async (url, requestOptions, receive) => {
    const agent = pool(socketPath === undefined ? proxyFor(url, proxy) : {})
    const place = socketPath === undefined ? {} : { socketPath }
    return request(url, { ...requestOptions, ...place, agent }, receive)
  }
}

async function loadHttps(options: ConnectorOptions): Promise<Connect> {
  const [{ Agent, request }, { createSecureContext, getCACertificates }] = await Promise.all([
    import('node:https'),
    import('node:tls'),
  ])
  const { serverName, skipVerify, proxy = {} } = options
  const open = (tls: TlsMaterial) => {
    const known = tls.ca === undefined ? { ...tls, ...ownRoots(getCACertificates) } : tls
    const secureContext = secure(() => createSecureContext({ ...known, minVersion: 'TLSv1.2' }))
    const verification = {
      rejectUnauthorized: !skipVerify,
      ...(serverName === undefined ? {} : { servername: serverName }),
    }
    const common = { ...poolOptions(options), ...verification, secureContext }
    return createPool((proxyEnv) => new Agent({ ...common, proxyEnv }))
  }
  let held = options.tls
  let pool = open(held)
  return async (url, requestOptions, receive) => {
    // What is under way keeps its connection; the idle ones of the old pool close by themselves.
    const renewed = options.renewTls?.(held)
    if (renewed !== undefined) {
      held = renewed
      pool = openElse(() => open(renewed), pool)
    }
    return request(url, { ...requestOptions, agent: pool(proxyFor(url, proxy)) }, receive)
  }
}

function poolOptions({ keepAlive = true, maxConnections }: ConnectorOptions) {
  const bound = maxConnections === undefined ? {} : { maxSockets: maxConnections }
  return { keepAlive, timeout: idleMs, ...bound }
}

type Pool = (proxyEnv: ProxyVariables) => Agent

/** One agent for what goes through a proxy and one for what does not: Node's takes the variables when it is made. */
function createPool(createAgent: (proxyEnv: ProxyVariables) => Agent): Pool {
  const agents = new Map<boolean, Agent>()
  return (proxyEnv) => {
    const direct = Object.keys(proxyEnv).length === 0
    const agent = agents.get(direct) ?? createAgent(proxyEnv)
    agents.set(direct, agent)
    return agent
  }
}

function secure<Context>(create: () => Context): Context {
  try {
    return create()
  } catch (thrown) {
    throw toAppError(thrown, 'tls_invalid')
  }
}

/** Files are replaced one after the other: a certificate whose key has not come yet is no reason to fail. */
function openElse(open: () => Pool, fallback: Pool): Pool {
  try {
    return open()
  } catch {
    return fallback
  }
}
