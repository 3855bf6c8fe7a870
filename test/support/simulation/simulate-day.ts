/** Runs a planned day and records it. */
import type { DayPlan } from './day-plan.ts'
import type { Entry } from './history.ts'
import { SimulatedPod } from './simulated-pod.ts'
import { minute } from './timetable.ts'
import { scheduleTroubles } from './troubles.ts'
import { World } from './world.ts'

export interface DayOptions {
  /** Whether the process is killed at the moment of that number, counted from 1; default: by chance. */
  readonly kills?: (moment: number) => boolean
  /** Whether anything befalls the pod besides that. Default true. */
  readonly hasTroubles?: boolean
  /** Whether the wall clock jumps. Default true. */
  readonly hasWallJumps?: boolean
}

/** What is left of the agent after its end is watched for a while, too. */
const aftermathMs = 5 * minute

export async function simulateDay(
  plan: DayPlan,
  { kills, hasTroubles = true, hasWallJumps = true }: DayOptions = {},
): Promise<readonly Entry[]> {
  const world = new World(plan, hasWallJumps)
  const pod = new SimulatedPod(
    world,
    plan,
    kills === undefined ? byChance(world, plan) : count(kills),
  )
  if (hasTroubles) scheduleTroubles(world, pod, plan)
  const end = world.time.start + plan.lengthMs
  world.time.at(end, () => pod.stop())
  let fault: unknown
  pod.run().catch((thrown: unknown) => {
    fault = thrown
  })
  await world.time.runUntil(end + aftermathMs)
  if (fault !== undefined) throw fault
  world.history.note({ kind: 'day over' })
  return world.history.entries
}

function byChance({ chances }: World, { killProbability }: DayPlan): () => boolean {
  return () => killProbability > 0 && chances.kills.happens(killProbability)
}

function count(kills: (moment: number) => boolean): () => boolean {
  let moments = 0
  return () => kills(++moments)
}
