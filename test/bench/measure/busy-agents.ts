/** Agents at work: what a pod's start asks of the store, and what an hour asks and costs. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Contender } from '../report/contenders.ts'
import type { Usage } from './accounts.ts'
import { startAgent } from './agent-run.ts'
import type { AgentContender } from './agents.ts'
import { type Bench, nextFolder } from './bench.ts'
import { type CountingProxy, startCountingProxy } from './counting-proxy.ts'

/** Requests of an init container that ends, and of the sidecar that follows it, until nothing came for two seconds. */
export async function countPodRequests(bench: Bench, agent: AgentContender): Promise<number> {
  const store = await bench.store()
  const proxy = await startCountingProxy(bench.scene, store.address)
  const folder = nextFolder(bench)
  const work = { store, address: proxy.address, folder, secrets: 1, haste: 1 }
  // The sidecar finds what the init container has left, as on a pod's volumes.
  const init = await startAgent(bench, { agent, work: { ...work, once: true } }, unaccounted)
  await init.running.ended
  const sidecar = await startAgent(bench, { agent, work: { ...work, once: false } }, unaccounted)
  await untilSilent(proxy)
  await sidecar.stop()
  await proxy.close()
  return proxy.count()
}

/** Until no request came for two seconds. */
export async function untilSilent(proxy: Pick<CountingProxy, 'count'>): Promise<void> {
  let seen = -1
  while (proxy.count() > seen) {
    seen = proxy.count()
    await sleep(2000)
  }
}

const unaccounted = { isAccounted: false }

/** An hour of an agent, in haste. */
export interface Hour {
  readonly contender: Contender
  readonly requests: number
  /** Milliseconds of processor time while the hour passed, whose waiting was only `seconds` long. */
  readonly processorMs: number
  readonly seconds: number
  /** Then. */
  readonly usage: Usage
}

/** A hibernating agent would stay awake if its steps came more often than every 20 s: its hour takes five minutes. */
export function hasteOf(contender: Contender): number {
  return contender === 'hibernating' ? 12 : 60
}

/** All at once; each in its own haste. */
export async function passHour(bench: Bench, copies: number): Promise<readonly Hour[]> {
  const all = Array.from({ length: copies }, () => bench.agents).flat()
  return Promise.all(all.map((agent) => passHourOf(bench, agent)))
}

async function passHourOf(bench: Bench, agent: AgentContender): Promise<Hour> {
  const store = await bench.store()
  const proxy = await startCountingProxy(bench.scene, store.address)
  const haste = hasteOf(agent.contender)
  const work = { address: proxy.address, folder: nextFolder(bench), secrets: 1, haste, once: false }
  const run = await startAgent(bench, { agent, work: { store, ...work } }, { isAccounted: true })
  // What belongs to the start.
  await sleep(1000)
  const { pid } = run.running
  const [requests, processorMs, begun] = [
    proxy.count(),
    run.account.processorMs(pid),
    performance.now(),
  ]
  await sleep((3600 / haste) * 1000)
  const hour = {
    contender: agent.contender,
    requests: proxy.count() - requests,
    processorMs: run.account.processorMs(pid) - processorMs,
    seconds: (performance.now() - begun) / 1000,
    usage: run.account.usage(pid),
  }
  if (run.running.hasEnded()) throw new Error(`an agent ended:\n${run.running.tail()}`)
  await run.stop()
  await proxy.close()
  return hour
}
