/** The store that all contenders read: a real Vault in memory where it is built, else the development store. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type DemoStore, startEmbeddedStore, useVault } from '../../../cli/demo/store.ts'
import { systemClock } from '../../../core/clock.ts'
import { createLogger } from '../../../core/log.ts'
import { findFreePort } from './free-port.ts'
import type { Scene } from './scene.ts'

export interface BenchStore {
  readonly description: string
  readonly address: string
  /** Of the KV version 2 engine; `MOUNT/data/app` and `MOUNT/data/many-N` hold a password. */
  readonly mount: string
  /** Mount of the jwt method, `auth/` included. */
  readonly authPath: string
  /** The file of the token that agents log in with. */
  readonly jwtPath: string
  /** The name of a role whose tokens live for so many seconds. */
  readonly role: (ttlSeconds: number) => Promise<string>
  /** Makes `MOUNT/data/many-0` and so on. */
  readonly fill: (count: number) => Promise<void>
  /** A token of that role, for programs that do not log in by themselves. */
  readonly login: (role: string) => Promise<string>
}

export async function openStore(
  scene: Scene,
  root: string,
  vault: string | undefined,
): Promise<BenchStore> {
  const store =
    vault === undefined ? await openEmbedded(scene, root) : await openVault(scene, root, vault)
  const authPath = store.authType === 'jwt' ? store.authPath : 'auth/jwt'
  const policy = { path: { [`${store.mount}/*`]: { capabilities: ['read'] } } }
  await store.write('sys/policies/acl/bench', { policy: JSON.stringify(policy) })
  await store.write(`${authPath}/config`, { jwt_validation_pubkeys: [store.issuer.publicKey] })
  const jwt = await store.issuer.mint({ namespace: 'bench', serviceAccount: 'app', ttl: 86_400 })
  const jwtPath = join(root, 'jwt')
  writeFileSync(jwtPath, jwt.reveal(), { mode: 0o600 })
  const writeSecret = (name: string) =>
    store.write(`${store.mount}/data/${name}`, { data: new Map([['password', 'bench']]) })
  await writeSecret('app')
  let filled = 0
  return {
    description: store.description,
    address: store.address,
    mount: store.mount,
    authPath,
    jwtPath,
    role: async (ttlSeconds) => {
      const name = `ttl-${ttlSeconds}`
      await store.write(`${authPath}/role/${name}`, {
        role_type: 'jwt',
        user_claim: 'sub',
        bound_audiences: [store.issuer.name],
        token_policies: ['bench'],
        token_ttl: `${ttlSeconds}s`,
      })
      return name
    },
    fill: async (count) => {
      for (; filled < count; filled++) await writeSecret(`many-${filled}`)
    },
    login: (role) => login(`${store.address}/v1/${authPath}/login`, role, jwtPath),
  }
}

async function openEmbedded(scene: Scene, root: string): Promise<DemoStore> {
  const write = (line: string) => process.stderr.write(line)
  const logger = createLogger({ level: 'error', format: 'standard', write, now: Date.now })
  const store = await startEmbeddedStore({ root, logger, clock: systemClock })
  scene.defer(store.close)
  return { ...store, description: "Claviger's development store" }
}

async function openVault(scene: Scene, root: string, program: string): Promise<DemoStore> {
  const address = `http://127.0.0.1:${await findFreePort()}`
  // It takes no token that looks like one of its own.
  const token = crypto.randomUUID()
  const log = join(root, 'vault.log')
  const flags = [`-dev-root-token-id=${token}`, `-dev-listen-address=${address.slice(7)}`]
  const words = [program, 'server', '-dev', '-dev-no-store-token', ...flags]
  const server = scene.start({ words, environment: { HOME: root }, log })
  const deadline = Date.now() + 30_000
  while (!(await isHealthy(address))) {
    if (server.hasEnded() || Date.now() > deadline) {
      throw new Error(`the development Vault did not start:\n${server.tail()}`)
    }
    await sleep(50)
  }
  return { ...(await useVault(address, token, root)), description: 'a development Vault' }
}

async function isHealthy(address: string): Promise<boolean> {
  try {
    return (await fetch(`${address}/v1/sys/health`)).ok
  } catch {
    return false
  }
}

async function login(url: string, role: string, jwtPath: string): Promise<string> {
  const body = JSON.stringify({ role, jwt: readFileSync(jwtPath, 'utf8') })
  const answer = await fetch(url, { method: 'POST', body })
  if (!answer.ok) throw new Error(`the store refused a login with ${answer.status}`)
  // Shape: Vault's API, auth/jwt/login.
  const { auth }: { readonly auth: { readonly client_token: string } } = JSON.parse(
    await answer.text(),
  )
  return auth.client_token
}
