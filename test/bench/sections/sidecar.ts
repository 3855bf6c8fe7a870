/** The sidecar: what it holds at rest, and what a pod's start and an hour ask of the store and of a processor. */
import { groupPlaces, type Usage } from '../measure/accounts.ts'
import type { Bench } from '../measure/bench.ts'
import { countPodRequests, type Hour, hasteOf, passHour } from '../measure/busy-agents.ts'
import {
  type Resting,
  stepsBeforeRest,
  watchFirstOfNode,
  watchResting,
} from '../measure/resting-agents.ts'
import { type Contender, contenderOrder, contenders } from '../report/contenders.ts'
import { type Findings, type Measure, pointOf } from '../report/results.ts'

const copies = 3

export async function benchSidecars(bench: Bench): Promise<Findings> {
  bench.tell('sidecar: at rest')
  const resting = await watchResting(bench, copies)
  bench.tell('sidecar: first on a node')
  const first = await watchFirstOfNode(bench)
  bench.tell('sidecar: starts of pods')
  const pods = await countPods(bench)
  bench.tell('sidecar: an hour in haste')
  const hours = await passHour(bench, copies)
  return {
    method: describe(bench),
    notes: [...accountNotes(), ...bench.programs.missing],
    measures: [
      ...measureMemory(resting, hours, first),
      plain('pod-requests', 'Requests per pod start', 'requests', pods),
      plain(
        'hour-requests',
        'Requests per hour',
        'requests',
        collect(hours, (hour) => hour.requests),
      ),
      plain('hour-processor', 'Processor time per hour', 's', processorSeconds(resting, hours)),
    ],
  }
}

function measureMemory(
  resting: readonly Resting[],
  hours: readonly Hour[],
  first: ReadonlyMap<Contender, Usage>,
): readonly Measure[] {
  const memory = (read: (usage: Usage) => number, withFirst: boolean) => [
    pointOf(
      'at rest',
      collect(resting, ({ atRest }) => mebibytes(read(atRest))),
    ),
    pointOf(
      'after an hour',
      collect(hours, ({ usage }) => mebibytes(read(usage))),
    ),
    ...(withFirst
      ? [
          pointOf(
            'first on its node',
            collect([...first], ([, usage]) => mebibytes(read(usage))),
          ),
        ]
      : []),
  ]
  const peak = (read: (usage: Usage) => number) =>
    collect(resting, (one) => mebibytes(read(one.peak)))
  const [workingSet, anonymous] = [
    (usage: Usage) => usage.workingSet,
    (usage: Usage) => usage.anonymous,
  ]
  return [
    { name: 'anonymous', title: 'Anonymous memory', unit: 'MiB', points: memory(anonymous, false) },
    { name: 'working-set', title: 'Working set', unit: 'MiB', points: memory(workingSet, true) },
    plain('peak-anonymous', 'Peak of anonymous memory', 'MiB', peak(anonymous)),
    plain('peak-working-set', 'Peak of the working set', 'MiB', peak(workingSet)),
  ]
}

/** The work of an hour as it was measured, and the waiting of an hour at the price of waiting that was measured. */
function processorSeconds(resting: readonly Resting[], hours: readonly Hour[]) {
  const idle = new Map(
    contenderOrder.map((contender) => {
      const own = resting.filter((one) => one.contender === contender)
      return [contender, own.reduce((sum, { idleMs }) => sum + idleMs, 0) / own.length] as const
    }),
  )
  return collect(
    hours,
    ({ contender, processorMs, seconds }) =>
      (processorMs + (idle.get(contender) ?? Number.NaN) * (3600 - seconds)) / 1000,
  )
}

async function countPods(bench: Bench): Promise<ReadonlyMap<Contender, readonly number[]>> {
  const counted: (readonly [Contender, number])[] = []
  for (let round = 0; round < copies; round++) {
    for (const agent of bench.agents) {
      counted.push([agent.contender, await countPodRequests(bench, agent)])
    }
  }
  return collect(counted, ([, count]) => count)
}

type Of = readonly [Contender, unknown] | { readonly contender: Contender }

function collect<T extends Of>(
  all: readonly T[],
  read: (one: T) => number,
): ReadonlyMap<Contender, readonly number[]> {
  const whose = (one: Of) => ('contender' in one ? one.contender : one[0])
  return new Map(
    contenderOrder.map((contender) => [
      contender,
      all.filter((one) => whose(one) === contender).map(read),
    ]),
  )
}

function plain(
  name: string,
  title: string,
  unit: string,
  series: ReadonlyMap<Contender, readonly number[]>,
): Measure {
  return { name, title, unit, points: [pointOf('', series)] }
}

function mebibytes(bytes: number): number {
  return bytes / 2 ** 20
}

function describe({ seconds }: Bench): string {
  const hastes = new Map(
    contenderOrder
      .filter((name) => ['claviger', 'hibernating'].includes(name))
      .map((name) => [name, hasteOf(name)]),
  )
  return [
    `${copies} agents of each kind at once, each in a memory account of its own, one KV version 2 secret.`,
    `At rest: ${seconds} s after the last start, watched for ${3 * seconds} s; a hibernating agent has been sent through ${stepsBeforeRest} steps by SIGHUP before. Peaks are samples every 10 ms from the start until a second after the file.`,
    'First on its node: once, from copies of its files that are not in the page cache, so that all their pages come into its account.',
    `Requests per pod start: an init container that ends, then a sidecar until nothing came for 2 s, through a counting proxy.`,
    `Requests per hour: all intervals (secrets 5 min, tokens 1 h) divided by ${hastes.get('claviger')}, counted for a ${hastes.get('claviger')}th of an hour; for a hibernating agent, which would stay awake at that pace, by ${hastes.get('hibernating')}.`,
    'Processor time per hour: what that hour in haste took, and what waiting took at rest for the part of an hour that it left out.',
  ].join(' ')
}

function accountNotes(): readonly string[] {
  if (groupPlaces.kind !== '/proc')
    return [
      `Accounts: ${groupPlaces.kind}. ${contenders.consulTemplate.name} is given a token and does not log in.`,
    ]
  return [
    'No memory control group can be made here: anonymous memory and the resident set are those of /proc, and shared file pages count in full.',
  ]
}
