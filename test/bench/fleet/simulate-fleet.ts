/** A whole fleet against one store: the load that it makes, phase by phase. */
import { Worker } from 'node:worker_threads'
import { concludeFigures, type FleetFigures } from './fleet-figures.ts'
import type { FleetPlan, Kind } from './fleet-plan.ts'
import { type Shard, type ShardFigures, simulateShard } from './simulate-shard.ts'

export interface FleetOptions {
  readonly kind: Kind
  readonly plan: FleetPlan
  /** Threads beside this one; default 0: all here. The figures are the same. */
  readonly threads?: number
}

/** Pods know nothing of one another, unless the store has a quota: then they have to be simulated together. */
const podsPerShard = 2500

export async function simulateFleet(options: FleetOptions): Promise<FleetFigures> {
  const { plan, threads = 0 } = options
  const shards = divide(options)
  const figures = new Map<Shard, ShardFigures>()
  const waiting = [...shards]
  const work = async (simulate: (shard: Shard) => Promise<ShardFigures>) => {
    for (let shard = waiting.shift(); shard !== undefined; shard = waiting.shift()) {
      figures.set(shard, await simulate(shard))
    }
  }
  if (threads === 0) await work(simulateShard)
  else await Promise.all(Array.from({ length: threads }, () => workAside(work)))
  return concludeFigures(
    plan,
    shards.flatMap((shard) => figures.get(shard) ?? []),
  )
}

function divide({ kind, plan }: FleetOptions): readonly Shard[] {
  const size = plan.quota === undefined ? podsPerShard : plan.agents
  return Array.from({ length: Math.ceil(plan.agents / size) }, (_, index) => ({
    kind,
    plan,
    from: index * size,
    to: Math.min(plan.agents, (index + 1) * size),
  }))
}

type Simulate = (shard: Shard) => Promise<ShardFigures>

async function workAside(work: (simulate: Simulate) => Promise<void>): Promise<void> {
  const worker = new Worker(new URL('./fleet-worker.ts', import.meta.url))
  try {
    await work(
      (shard) =>
        new Promise((resolve, reject) => {
          worker.removeAllListeners()
          worker.once('message', resolve)
          worker.once('error', reject)
          worker.postMessage(shard)
        }),
    )
  } finally {
    await worker.terminate()
  }
}
