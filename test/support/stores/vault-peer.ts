/** A Vault, the development store or a real one, as a store's peer: KV version 2 at `secret/`, a login by JWT. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportSPKI, generateKeyPair, SignJWT } from 'jose'
import { type FaultAnswer, type HttpFaultProxy, startHttpFaultProxy } from './http-fault-proxy.ts'
import { type FaultName, type RunningPeer, type StorePeer, serviceFaults } from './store-peer.ts'
import { openTestStore } from './store-ports.ts'

export interface VaultServer {
  /** `http://HOST:PORT`. */
  readonly address: string
  readonly rootToken: string
  readonly stop: () => Promise<void>
}

export interface RunningVaultPeer extends RunningPeer {
  /** With the root's token; what was answered, undefined where nothing was. Throws for 400 and above but 404. */
  readonly ask: (method: string, path: string, body?: object) => Promise<Answer | undefined>
  readonly settings: ReadonlyMap<string, string>
  /** Paths of the requests of stores, in order. */
  readonly asked: readonly string[]
}

interface Answer {
  readonly data?: Readonly<Record<string, unknown>>
}

export interface VaultPeer extends StorePeer {
  readonly start: () => Promise<RunningVaultPeer>
}

const policy = ['secret', 'kv1']
  .map(
    (mount) =>
      `path "${mount}/*" { capabilities = ["create", "read", "update", "delete", "list"] }`,
  )
  .concat('path "secret/metadata/hidden*" { capabilities = ["deny"] }')
  .concat('path "sys/leases/renew" { capabilities = ["update"] }')
  .join('\n')

export function createVaultPeer(startServer: () => Promise<VaultServer>): VaultPeer {
  return {
    type: 'vault',
    features: {
      isBinarySafe: false,
      largestBytes: 256 * 1024,
      hasTags: false,
      pathPrefix: 'secret/',
      absentVersion: '999',
      invalidPath: 'secret/../sys/mounts',
      renewsCredentials: true,
    },
    faults: serviceFaults,
    start: async () => {
      const server = await startServer()
      const ask = createAsk(server)
      const folder = mkdtempSync(join(tmpdir(), 'claviger-vault-'))
      const tokenPath = join(folder, 'token')
      writeFileSync(tokenPath, await setUp(ask))
      const refused = new Set<unknown>()
      const proxy = await startHttpFaultProxy({
        target: () => server.address,
        answers: (fault, asked) => answerOf(fault, asked, refused),
      })
      const settings = new Map([
        ['address', proxy.address],
        ['auth', 'jwt'],
        ['mount', 'contract'],
        ['role', 'app'],
        ['token_path', tokenPath],
      ])
      return {
        ask,
        settings,
        asked: proxy.asked,
        ...behind(ask),
        open: (changes = new Map()) => openTestStore('vault', new Map([...settings, ...changes])),
        inject: (fault) => inject(proxy, fault, refused),
        stop: async () => {
          await proxy.stop()
          await server.stop()
          rmSync(folder, { recursive: true })
        },
      }
    },
  }
}

function inject(proxy: HttpFaultProxy, fault: FaultName | undefined, refused: Set<unknown>): void {
  if (fault === 'expired') refused.clear()
  proxy.fault = fault
}

const invalidToken =
  '{"errors":["2 errors occurred:\\n\\t* permission denied\\n\\t* invalid token\\n\\n"]}'

function answerOf(
  fault: FaultName,
  { headers, url = '' }: IncomingMessage,
  refused: Set<unknown>,
): FaultAnswer | undefined {
  // Who may not do something may log in all the same.
  if (fault === 'denied' && url.endsWith('/login')) return undefined
  switch (fault) {
    case 'throttled':
      return { status: 429, body: '{"errors":["request path rate limit quota exceeded"]}' }
    case 'throttled-with-wait':
      return { status: 429, headers: { 'retry-after': '7' }, body: '{"errors":[]}' }
    case 'failing':
      return { status: 500, body: '{"errors":["internal error"]}' }
    case 'denied':
      return {
        status: 403,
        body: '{"errors":["1 error occurred:\\n\\t* permission denied\\n\\n"]}',
      }
    case 'garbled':
      return { status: 200, body: '{"data":{"data":' }
    case 'expired': {
      const token = headers['x-vault-token']
      if (token === undefined || (refused.size > 0 && !refused.has(token))) return undefined
      refused.add(token)
      return { status: 403, body: invalidToken }
    }
    default:
      return undefined
  }
}

type Ask = RunningVaultPeer['ask']

/** A second client, which shares nothing with the store's. */
function createAsk({ address, rootToken }: VaultServer): Ask {
  return async (method, path, body) => {
    const response = await fetch(`${address}/v1/${path}`, {
      method,
      headers: { 'X-Vault-Token': rootToken },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (response.status === 404) return undefined
    if (!response.ok) throw new Error(`${method} ${path}: status ${response.status}`)
    return text === '' ? undefined : JSON.parse(text)
  }
}

/** A JWT that the role `app` accepts. */
async function setUp(ask: Ask): Promise<string> {
  const keys = await generateKeyPair('ES256')
  await ask('POST', 'sys/auth/contract', { type: 'jwt' })
  await ask('POST', 'auth/contract/config', {
    jwt_validation_pubkeys: [await exportSPKI(keys.publicKey)],
  })
  await ask('PUT', 'sys/policies/acl/app', { policy })
  await ask('POST', 'auth/contract/role/app', {
    role_type: 'jwt',
    user_claim: 'sub',
    bound_audiences: ['vault'],
    token_policies: ['app'],
    token_ttl: '1h',
  })
  await ask('POST', 'sys/mounts/kv1', { type: 'kv', options: { version: '1' } })
  return new SignJWT({})
    .setProtectedHeader({ alg: 'ES256' })
    .setSubject('app')
    .setAudience('vault')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(keys.privateKey)
}

function behind(ask: Ask): Pick<RunningPeer, 'put' | 'look' | 'remove'> {
  const at = (path: string, place: string) => path.replace(/^secret\//, `secret/${place}/`)
  return {
    put: async (path, bytes) => {
      const text = Buffer.from(bytes).toString('utf8')
      await ask('POST', at(path, 'data'), { data: parseOr(text) ?? { value: text } })
    },
    look: async (path) => {
      const data = (await ask('GET', at(path, 'data')))?.data?.['data']
      if (typeof data !== 'object' || data === null) return undefined
      const isWhole = Object.keys(data).length === 1 && 'value' in data
      return Buffer.from(isWhole ? String(data.value) : JSON.stringify(data))
    },
    remove: async (path) => {
      await ask('DELETE', at(path, 'metadata'))
    },
  }
}

function parseOr(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
