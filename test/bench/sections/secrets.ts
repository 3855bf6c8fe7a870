/** One agent with 1 to 1,000 secrets, a file of each. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Usage } from '../measure/accounts.ts'
import { AgentEnded, startAgent } from '../measure/agent-run.ts'
import type { AgentContender } from '../measure/agents.ts'
import { type Bench, nextFolder } from '../measure/bench.ts'
import { startCountingProxy } from '../measure/counting-proxy.ts'
import type { Contender } from '../report/contenders.ts'
import { type Findings, type Measure, pointOf } from '../report/results.ts'

const counts = [1, 10, 100, 1000]

interface Found {
  readonly contender: Contender
  readonly count: number
  readonly renderedMs: number
  readonly usage: Usage
}

interface Asked {
  readonly contender: Contender
  readonly count: number
  readonly requests: number
}

export async function benchSecrets(bench: Bench): Promise<Findings> {
  const store = await bench.store()
  await store.fill(Math.max(...counts))
  const found: Found[] = []
  const asked: Asked[] = []
  const failures = new Set<string>()
  for (const count of counts) {
    bench.tell(`growth-secrets: ${count}`)
    for (let round = 0; round < bench.rounds; round++) {
      for (const agent of bench.agents) {
        found.push(...(await unlessItEnds(failures, count, () => render(bench, agent, count))))
      }
    }
    for (const agent of bench.agents) {
      asked.push(...(await unlessItEnds(failures, count, () => countRequests(bench, agent, count))))
    }
  }
  const mebibytes = (bytes: number) => bytes / 2 ** 20
  return {
    method: `A KV version 2 secret and a file of each, from one configuration file, ${store.description} on loopback, ${bench.rounds} interleaved rounds; memory ${bench.seconds} s after the last file. Requests until then: in another run, through a counting proxy.`,
    notes: [...failures, ...bench.programs.missing],
    measures: [
      grow('time', 'Time to render all', 'ms', found, ({ renderedMs }) => renderedMs),
      grow('requests', 'Requests', 'requests', asked, ({ requests }) => requests),
      grow('anonymous', 'Anonymous memory at rest', 'MiB', found, ({ usage }) =>
        mebibytes(usage.anonymous),
      ),
      grow('working-set', 'Working set at rest', 'MiB', found, ({ usage }) =>
        mebibytes(usage.workingSet),
      ),
    ],
  }
}

async function render(bench: Bench, agent: AgentContender, count: number): Promise<Found> {
  const store = await bench.store()
  const work = { store, address: store.address, folder: nextFolder(bench), secrets: count }
  const run = await startAgent(
    bench,
    { agent, work: { ...work, ...asUsual } },
    { isAccounted: true },
  )
  await sleep(bench.seconds * 1000)
  const usage = run.account.usage(run.running.pid)
  await run.stop()
  return { contender: agent.contender, count, renderedMs: run.renderedMs, usage }
}

async function countRequests(bench: Bench, agent: AgentContender, count: number): Promise<Asked> {
  const store = await bench.store()
  const proxy = await startCountingProxy(bench.scene, store.address)
  const work = { store, address: proxy.address, folder: nextFolder(bench), secrets: count }
  const run = await startAgent(
    bench,
    { agent, work: { ...work, ...asUsual } },
    { isAccounted: false },
  )
  await sleep(bench.seconds * 1000)
  await run.stop()
  await proxy.close()
  return { contender: agent.contender, count, requests: proxy.count() }
}

/** One that cannot do it is told of, and left out. */
async function unlessItEnds<T>(
  failures: Set<string>,
  count: number,
  measure: () => Promise<T>,
): Promise<readonly T[]> {
  try {
    return [await measure()]
  } catch (thrown) {
    if (!(thrown instanceof AgentEnded)) throw thrown
    failures.add(`${thrown.whose} cannot do ${count} secrets: \`${thrown.reason}\``)
    return []
  }
}

const asUsual = { haste: 1, once: false }

function grow<T extends { readonly contender: Contender; readonly count: number }>(
  name: string,
  title: string,
  unit: string,
  all: readonly T[],
  read: (one: T) => number,
): Measure {
  const points = counts.map((count) => {
    const own = all.filter((one) => one.count === count)
    const whose = new Set(own.map(({ contender }) => contender))
    const series = Array.from(whose, (contender) => {
      const values = own.filter((one) => one.contender === contender).map(read)
      return [contender, values] as const
    })
    return pointOf(
      `${count.toLocaleString('en-US')} secret${count === 1 ? '' : 's'}`,
      new Map(series),
    )
  })
  return { name, title, unit, points }
}
