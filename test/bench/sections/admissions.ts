/** Admissions by each injector, in interleaved rounds: of the example's pod over more connections, and of pods with more containers. */
import {
  type AdmissionFigures,
  measureAdmissions,
  residentMemory,
} from '../measure/admission-load.ts'
import type { Bench } from '../measure/bench.ts'
import { type Injector, pinned, withInjectors } from '../measure/injectors.ts'
import { buildReview } from '../measure/review.ts'
import type { Contender } from '../report/contenders.ts'
import { type Findings, type Point, pointOf } from '../report/results.ts'

const connectionCounts = [1, 16, 64]
const containerCounts = [1, 10, 100]

export function benchAdmissions(bench: Bench): Promise<Findings> {
  return withInjectors(bench, async (injectors) => {
    const atRest = pointOf('at rest', readMemory(injectors))
    const body = buildReview(1)
    const loads = connectionCounts.map((connections) => ({
      label: plural(connections, 'connection'),
      body,
      connections,
    }))
    const read = await measureInTurns(bench, injectors, loads)
    const memory = [atRest, pointOf('after the load', readMemory(injectors))]
    return {
      method: `The example's pod (${body.length} bytes), TLS keep-alive, ${bench.rounds} interleaved rounds of ${bench.seconds} s after a warm-up, ${place}.`,
      notes: [...peerNotes(bench)],
      measures: [
        processor(read),
        {
          name: 'rate',
          title: 'Reviews per second',
          unit: '/s',
          points: read((one) => one.requestsPerSecond),
        },
        { name: 'median', title: 'Latency, median', unit: 'ms', points: read((one) => one.p50Ms) },
        {
          name: 'slowest',
          title: 'Latency, 99th percentile',
          unit: 'ms',
          points: read((one) => one.p99Ms),
        },
        { name: 'resident', title: 'Resident memory', unit: 'MiB', points: memory },
      ],
    }
  })
}

export function benchContainers(bench: Bench): Promise<Findings> {
  return withInjectors(bench, async (injectors) => {
    const loads = containerCounts.map((count) => ({
      label: plural(count, 'container'),
      body: buildReview(count),
      connections: 1,
    }))
    const read = await measureInTurns({ ...bench, seconds: bench.seconds / 2 }, injectors, loads)
    return {
      method: `The example's pod with copies of its container, one connection, ${bench.rounds} interleaved rounds of ${bench.seconds / 2} s after a warm-up, ${place}.`,
      notes: [...peerNotes(bench)],
      measures: [
        processor(read),
        { name: 'median', title: 'Latency, median', unit: 'ms', points: read((one) => one.p50Ms) },
      ],
    }
  })
}

const place = pinned ? 'each injector on core 0, the load on core 1' : 'the load on the same cores'

interface Load {
  readonly label: string
  readonly body: Buffer
  readonly connections: number
}

type Read = (read: (one: AdmissionFigures) => number | undefined) => readonly Point[]

function processor(read: Read) {
  const points = read((one) => one.cpuMicrosecondsPerReview)
  return { name: 'processor', title: 'Processor time per review', unit: 'µs', points }
}

async function measureInTurns(
  { rounds, seconds }: Pick<Bench, 'rounds' | 'seconds'>,
  injectors: readonly Injector[],
  loads: readonly Load[],
): Promise<Read> {
  const figures = new Map(loads.map(({ label }) => [label, emptySeries(injectors)] as const))
  for (let round = 0; round < rounds; round++) {
    for (const { label, body, connections } of loads) {
      for (const injector of injectors) {
        const one = await measureAdmissions({ injector, body, connections, seconds })
        figures.get(label)?.get(injector.contender)?.push(one)
      }
    }
  }
  return (read) =>
    Array.from(figures, ([label, series]) =>
      pointOf(label, new Map(Array.from(series, ([whose, all]) => [whose, all.map(read)]))),
    )
}

function emptySeries(injectors: readonly Injector[]): Map<Contender, AdmissionFigures[]> {
  return new Map(injectors.map(({ contender }) => [contender, []]))
}

function readMemory(injectors: readonly Injector[]) {
  return new Map(
    injectors.map(({ contender, running }) => [contender, [residentMemory(running.pid)]]),
  )
}

function peerNotes({ peerInjector }: Bench): readonly string[] {
  return peerInjector === undefined
    ? ['The stock injector is left out: `--peer-injector PATH` names a vault-k8s binary.']
    : []
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
