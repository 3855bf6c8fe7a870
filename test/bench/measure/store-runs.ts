/** Agents with one store and with eight: at rest, at the start of a pod, and through an hour in haste. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Contender } from '../report/contenders.ts'
import type { Usage } from './accounts.ts'
import { type AgentRun, makeSteps, startAgent } from './agent-run.ts'
import type { AgentContender, Work } from './agents.ts'
import { type Bench, nextFolder } from './bench.ts'
import { hasteOf, untilSilent } from './busy-agents.ts'
import { type CountingProxy, startCountingProxy } from './counting-proxy.ts'
import { type Asked, type OtherStore, type OtherType, openOtherStores } from './eight-stores.ts'
import { stepsBeforeRest } from './resting-agents.ts'
import { listOwnAgents, type StoreCount, storeCounts, withStores } from './store-agents.ts'

interface Whose {
  readonly contender: Contender
  readonly count: StoreCount
}

export interface Requests extends Asked, Whose {}

export interface Rested extends Whose {
  readonly atRest: Usage
  /** From the start until a second after the files; a hibernating agent's first step. */
  readonly peak: Usage
}

export interface Started extends Requests {
  readonly byStore: ReadonlyMap<string, Asked>
}

/** As many of each as the bench has rounds, all at once. */
export async function restWithStores(bench: Bench): Promise<readonly Rested[]> {
  const runs: (readonly [StoreCount, AgentRun])[] = []
  for (let round = 0; round < bench.rounds; round++) {
    for (const { agent, count, work } of await listCases(bench)) {
      const options = { isAccounted: true, watchesPeak: true }
      const run = await startAgent(
        bench,
        { agent, work: { ...work, haste: 1, once: false } },
        options,
      )
      await makeSteps(run, stepsBeforeRest)
      runs.push([count, run])
    }
  }
  await sleep(bench.seconds * 1000)
  const rested = runs.map(([count, { agent, account, running, peak }]) => {
    const atRest = account.usage(running.pid)
    return { contender: agent.contender, count, atRest, peak: peak ?? atRest }
  })
  await Promise.all(runs.map(([, run]) => run.stop()))
  return rested
}

/** An init container that ends, and the sidecar that follows it, once of each. */
export async function startPods(bench: Bench): Promise<readonly Started[]> {
  const started: Started[] = []
  for (const { agent, count, work, asked, total } of await listCases(bench)) {
    const start = (once: boolean) =>
      startAgent(bench, { agent, work: { ...work, haste: 1, once } }, { isAccounted: false })
    const init = await start(true)
    await init.running.ended
    const sidecar = await start(false)
    await untilSilent({ count: total })
    await sidecar.stop()
    const byStore = asked()
    started.push({ contender: agent.contender, count, byStore, ...sum(byStore) })
  }
  return started
}

/** All at once, each in its own haste; what belongs to the start is left out. */
export async function passHours(bench: Bench): Promise<readonly Requests[]> {
  return Promise.all((await listCases(bench)).map((one) => passHour(bench, one)))
}

async function passHour(bench: Bench, { agent, count, work, asked }: Case): Promise<Requests> {
  const { contender } = agent
  const haste = hasteOf(contender)
  const run = await startAgent(
    bench,
    { agent, work: { ...work, haste, once: false } },
    { isAccounted: false },
  )
  await sleep(1000)
  const before = sum(asked())
  await sleep((3600 / haste) * 1000)
  const after = sum(asked())
  if (run.running.hasEnded()) throw new Error(`an agent ended:\n${run.running.tail()}`)
  await run.stop()
  const exchanges = after.exchanges - before.exchanges
  return { contender, count, exchanges, reads: after.reads - before.reads }
}

interface Case {
  readonly agent: AgentContender
  readonly count: StoreCount
  readonly work: Omit<Work, 'haste' | 'once'>
  /** By store, so far. */
  readonly asked: () => ReadonlyMap<string, Asked>
  readonly total: () => number
}

/** Each agent with one store and with eight, all with services of their own. */
async function listCases(bench: Bench): Promise<readonly Case[]> {
  const cases: Case[] = []
  for (const count of storeCounts) {
    for (const agent of listOwnAgents(bench)) cases.push(await openCase(bench, agent, count))
  }
  return cases
}

async function openCase(bench: Bench, agent: AgentContender, count: StoreCount): Promise<Case> {
  const store = await bench.store()
  const proxy = await startCountingProxy(bench.scene, store.address)
  const folder = nextFolder(bench)
  const others: ReadonlyMap<OtherType, OtherStore> =
    count === 1 ? new Map() : await openOtherStores(bench.scene, `${folder}-stores`)
  const asked = () =>
    new Map<string, Asked>([
      ['vault', askedOfVault(proxy)],
      ...Array.from(others, ([type, other]) => [type, other.asked()] as const),
    ])
  return {
    agent: count === 1 ? agent : withStores(agent, others),
    count,
    work: { store, address: proxy.address, folder, secrets: count },
    asked,
    total: () => {
      const { exchanges, reads } = sum(asked())
      return exchanges + reads
    },
  }
}

function askedOfVault(proxy: CountingProxy): Asked {
  const isExchange = (what: string) => what.includes('/v1/auth/')
  const all = Array.from(proxy.describe())
  const exchanges = all.reduce((total, [what, times]) => total + (isExchange(what) ? times : 0), 0)
  return { exchanges, reads: proxy.count() - exchanges }
}

function sum(asked: ReadonlyMap<string, Asked>): Asked {
  const all = [...asked.values()]
  return {
    exchanges: all.reduce((total, { exchanges }) => total + exchanges, 0),
    reads: all.reduce((total, { reads }) => total + reads, 0),
  }
}
