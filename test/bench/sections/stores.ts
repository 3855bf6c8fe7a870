/** Stores: what a pod with one and a pod with eight ask and hold, and what each type adds to the agent's code. */
import { join } from 'node:path'
import type { Bench } from '../measure/bench.ts'
import { countExchanges, openOtherStores } from '../measure/eight-stores.ts'
import { type StoreCount, storeCounts } from '../measure/store-agents.ts'
import { measureStoreCode } from '../measure/store-code.ts'
import {
  passHours,
  type Requests,
  type Rested,
  restWithStores,
  type Started,
  startPods,
} from '../measure/store-runs.ts'
import type { Contender } from '../report/contenders.ts'
import { type Findings, type Measure, type Point, pointOf } from '../report/results.ts'

/** Of the moved clock, so that tokens of an hour are counted by what they come to. */
const countedHours = 24

export async function benchStores(bench: Bench): Promise<Findings> {
  bench.tell('stores: at rest')
  const rested = await restWithStores(bench)
  bench.tell('stores: starts of pods')
  const started = await startPods(bench)
  bench.tell('stores: an hour in haste')
  const hours = await passHours(bench)
  bench.tell('stores: a day of identities')
  const others = await openOtherStores(bench.scene, join(bench.root, 'stores-day'))
  const exchanges = (await countExchanges(others, countedHours)) / countedHours
  return {
    method: describe(bench),
    notes: [...tellStarts(started), ...bench.programs.missing],
    measures: [
      requests(
        'start-exchanges',
        'Identity exchanges per pod start',
        started,
        (one) => one.exchanges,
      ),
      requests('start-reads', 'Reads per pod start', started, (one) => one.reads),
      requests('hour-exchanges', 'Identity exchanges per hour', hours, (one) =>
        one.count === 1 ? one.exchanges : one.exchanges + exchanges,
      ),
      requests('hour-reads', 'Reads per hour', hours, (one) => one.reads),
      memory('anonymous', 'Anonymous memory at rest', rested, ({ atRest }) => atRest.anonymous),
      memory('working-set', 'Working set at rest', rested, ({ atRest }) => atRest.workingSet),
      memory('peak', 'Peak of anonymous memory', rested, ({ peak }) => peak.anonymous),
      measureCode(),
    ],
  }
}

interface Of {
  readonly contender: Contender
  readonly count: StoreCount
}

function requests<T extends Of & Requests>(
  name: string,
  title: string,
  all: readonly T[],
  read: (one: T) => number,
): Measure {
  return { name, title, unit: 'requests', points: pointsOf(all, read) }
}

function memory(
  name: string,
  title: string,
  all: readonly Rested[],
  read: (one: Rested) => number,
): Measure {
  return { name, title, unit: 'MiB', points: pointsOf(all, (one) => read(one) / 2 ** 20) }
}

function pointsOf<T extends Of>(all: readonly T[], read: (one: T) => number): readonly Point[] {
  return storeCounts.map((count) => {
    const own = all.filter((one) => one.count === count)
    const whose = new Set(own.map(({ contender }) => contender))
    const series = Array.from(whose, (contender) => {
      const values = own.filter((one) => one.contender === contender).map(read)
      return [contender, values] as const
    })
    return pointOf(`${count} store${count === 1 ? '' : 's'}`, new Map(series))
  })
}

function measureCode(): Measure {
  const points = Array.from(measureStoreCode(), ([label, bytes]) =>
    pointOf(label, new Map([['claviger', [bytes / 1000]]] as const)),
  )
  return { name: 'code', title: 'The agent’s code', unit: 'kB', points }
}

/** Which store was asked how often. */
function tellStarts(started: readonly Started[]): readonly string[] {
  const [one] = started.filter(({ count, contender }) => count === 8 && contender === 'claviger')
  if (one === undefined) return []
  const told = Array.from(one.byStore, ([store, { exchanges, reads }]) => {
    return `${store} ${exchanges} + ${reads}`
  })
  return [`A pod start with 8 stores, exchanges + reads by store: ${told.join(', ')}.`]
}

function describe({ seconds, rounds }: Bench): string {
  return [
    'One store is the pod’s own Vault. Eight are that, a directory, a file of SQLite, and fakes of AWS Secrets Manager and Parameter Store (with one role for both, whose login counts as the first one’s), of Google Secret Manager, Azure Key Vault and the Kubernetes API, each with one secret and a file of it, all over plain HTTP on loopback; the clouds take projected tokens.',
    `Requests are counted at the services: exchanges are logins, token exchanges and renewals, and Key Vault’s answer where to make one; reads are the others, the watch of Kubernetes among them, which the hibernating agent does without (\`watch=false\`). Directory and SQLite are no services and count nothing.`,
    'Per pod start: an init container that ends, then a sidecar until nothing came for 2 s. Per hour: reads, and the exchanges with Vault, of an hour in haste, as in the section of the sidecar;',
    `exchanges with the clouds of ${countedHours} hours of a moved clock, in which the stores are read every five minutes, a ${countedHours}th of them.`,
    `Memory: ${rounds} of each at once, each in an account of its own, ${seconds} s after the last start, a hibernating agent after ten steps. Code: \`without any\` is what every agent loads, and a store’s is what would not be there without it; \`vault alone\` is a Vault beside the pod’s own, and what aws and ssm share is in their sum.`,
  ].join(' ')
}
