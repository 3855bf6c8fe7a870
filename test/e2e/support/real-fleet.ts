/** A few real agents, each on a counting way of its own to one store, which is out of reach for a while. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type DemoStore, startEmbeddedStore } from '../../../cli/demo/store.ts'
import { systemClock } from '../../../core/clock.ts'
import { createLogger } from '../../../core/log.ts'
import type { FleetPlan, Phase } from '../../bench/fleet/fleet-plan.ts'
import type { Asked } from '../../bench/fleet/fleet-store.ts'
import { type CountingProxy, startCountingProxy } from '../../support/counting-proxy.ts'

export interface RealFleet {
  readonly folder: string
  /** Words before `-config=PATH`. */
  readonly agent: readonly string[]
  /** Keys of the configuration besides those of every agent. */
  readonly own: Readonly<Record<string, unknown>>
  readonly plan: FleetPlan
}

export interface SeenFleet {
  /** Of each agent: from the first request of all to its own first. */
  readonly offsetsMs: readonly number[]
  /** By phase of the plan, counted from the first request of all. */
  readonly counts: readonly Readonly<Record<Asked, number>>[]
}

export async function openStore(root: string, plan: FleetPlan): Promise<DemoStore> {
  const logger = createLogger({
    level: 'error',
    format: 'standard',
    write: () => undefined,
    now: Date.now,
  })
  const store = await startEmbeddedStore({ root, logger, clock: systemClock })
  const policy = { path: { 'secret/*': { capabilities: ['read'] } } }
  await store.write('sys/policies/acl/fleet', { policy: JSON.stringify(policy) })
  await store.write('auth/jwt/config', { jwt_validation_pubkeys: [store.issuer.publicKey] })
  await store.write('auth/jwt/role/app', {
    role_type: 'jwt',
    user_claim: 'sub',
    bound_audiences: [store.issuer.name],
    token_policies: ['fleet'],
    token_ttl: `${plan.tokenTtlMs / 1000}s`,
  })
  for (let index = 0; index < plan.secrets; index++) {
    await store.write(`secret/data/app-${index}`, { data: new Map([['value', 'v']]) })
  }
  const jwt = await store.issuer.mint({ namespace: 'fleet', serviceAccount: 'app', ttl: 3600 })
  writeFileSync(join(root, 'jwt'), jwt.reveal(), { mode: 0o600 })
  return store
}

/** Lives through the plan in real time. */
export async function runRealFleet(store: DemoStore, fleet: RealFleet): Promise<SeenFleet> {
  const { plan } = fleet
  const [outage] = plan.outages
  if (outage === undefined) throw new Error('a plan without an outage')
  const children: ChildProcess[] = []
  const proxies: CountingProxy[] = []
  let isAway = false
  try {
    for (let index = 0; index < plan.agents; index++) {
      const proxy = await startCountingProxy(store.address, () => isAway)
      proxies.push(proxy)
      children.push(startAgent(fleet, proxy.address, index))
    }
    while (!proxies.every(({ requests }) => requests.length > 0)) await sleep(20)
    const begun = Math.min(...proxies.map(firstAt))
    await sleep(begun + outage.fromMs - performance.now())
    isAway = true
    await sleep(begun + outage.toMs - performance.now())
    isAway = false
    await sleep(begun + plan.lengthMs - performance.now())
    return {
      offsetsMs: proxies.map((proxy) => firstAt(proxy) - begun),
      counts: plan.phases.map((phase) => count(proxies, begun, phase)),
    }
  } finally {
    await Promise.all(children.map(stop))
    await Promise.all(proxies.map(({ close }) => close()))
  }
}

function firstAt({ requests }: CountingProxy): number {
  return requests[0]?.atMs ?? Number.NaN
}

function startAgent({ folder, agent, own, plan }: RealFleet, address: string, index: number) {
  const secrets = join(folder, String(index))
  mkdirSync(secrets, { recursive: true })
  const config = { path: join(folder, '../jwt'), role: 'app', remove_jwt_after_reading: false }
  const text = JSON.stringify({
    vault: { address },
    auto_auth: { method: [{ type: 'jwt', mount_path: 'auth/jwt', config }] },
    template_config: {
      exit_on_retry_failure: true,
      static_secret_render_interval: `${plan.staticIntervalMs / 1000}s`,
    },
    template: Array.from({ length: plan.secrets }, (_, secret) => ({
      destination: join(secrets, `${secret}`),
      contents: `{{ with secret "secret/data/app-${secret}" }}{{ .Data.data.value }}{{ end }}`,
    })),
    ...own,
  })
  const path = join(secrets, 'config.json')
  writeFileSync(path, text)
  const [program = '', ...words] = agent
  return spawn(program, [...words, `-config=${path}`], { stdio: 'ignore' })
}

function count(
  proxies: readonly CountingProxy[],
  begun: number,
  { fromMs, toMs }: Phase,
): Readonly<Record<Asked, number>> {
  const counts = { health: 0, login: 0, renewal: 0, mount: 0, read: 0 }
  for (const { atMs, path } of proxies.flatMap(({ requests }) => requests)) {
    const kind = patterns.find(([pattern]) => pattern.test(path))?.[1]
    if (kind === undefined) throw new Error(`an unexpected request for ${path}`)
    const ms = atMs - begun
    if (fromMs <= ms && ms < toMs) counts[kind]++
  }
  return counts
}

const patterns: readonly (readonly [RegExp, Asked])[] = [
  [/^sys\/health$/, 'health'],
  [/^auth\/jwt\/login$/, 'login'],
  [/^auth\/token\/renew-self$/, 'renewal'],
  [/^sys\/internal\/ui\/mounts\//, 'mount'],
  [/^secret\/data\//, 'read'],
]

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('close', () => resolve())
    child.kill('SIGTERM')
  })
}
