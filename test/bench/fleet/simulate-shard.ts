/** A part of a fleet, from the first start to the end. The same plan and numbers, the same figures. */
import { Chance } from '../../support/simulation/chance.ts'
import { EventQueue } from './event-queue.ts'
import type { FleetPlan, Kind, Start } from './fleet-plan.ts'
import { type Counts, FleetStore } from './fleet-store.ts'
import { createOwnPods } from './own-pods.ts'
import type { Pod } from './pod.ts'
import { StockPod } from './stock-pod.ts'

export interface Shard {
  readonly kind: Kind
  readonly plan: FleetPlan
  /** Pods by their numbers in the whole fleet. */
  readonly from: number
  readonly to: number
}

/** A pod that was not fresh and is. */
export interface Refreshed {
  readonly atMs: number
  /** Since it started, or since the store was back. */
  readonly waitMs: number
}

export interface ShardFigures {
  readonly counts: Counts
  readonly refreshed: readonly Refreshed[]
  /** Pods that are not fresh at the end. */
  readonly behind: number
  readonly steps: number
}

interface Member {
  readonly pod: Pod
  readonly chance: Chance
  /** When it is to be woken: what it asked for earlier counts no more. */
  wakeAt: number
  /** Starts of the plan that are behind it. */
  starts: number
  nextStart: number
  behindSince: number
}

export async function simulateShard({ kind, plan, from, to }: Shard): Promise<ShardFigures> {
  const store = new FleetStore(plan)
  const createOwn = createOwnPods(plan, store)
  const queue = new EventQueue()
  const members = Array.from({ length: to - from }, (_, index): Member => {
    const chance = new Chance(plan.seed * 1_000_003 + from + index)
    const parts = { plan, store, chance }
    const pod = kind === 'claviger' ? createOwn(parts) : new StockPod(parts)
    const nextStart = startOf(plan.starts[0], chance)
    queue.push(nextStart, index)
    return { pod, chance, wakeAt: nextStart, starts: 0, nextStart, behindSince: 0 }
  })
  const refreshed: Refreshed[] = []
  while (queue.nextTime < plan.lengthMs) {
    const now = queue.nextTime
    const index = queue.pop()
    const member = index === undefined ? undefined : members[index]
    if (index === undefined || member === undefined || member.wakeAt !== now) continue
    if (member.nextStart === now) startPod(member, plan, now)
    const wasFresh = member.pod.isFresh
    const next = await member.pod.wake(now)
    noteFreshness(member, { now, wasFresh, backAt: store.backAt(now) }, refreshed)
    member.wakeAt = Math.min(Math.max(next, now), member.nextStart)
    queue.push(member.wakeAt, index)
  }
  return {
    counts: store.counts,
    refreshed,
    behind: members.filter(({ pod }) => !pod.isFresh).length,
    steps: members.reduce((sum, { pod }) => sum + pod.steps, 0),
  }
}

function startPod(member: Member, plan: FleetPlan, now: number): void {
  member.pod.start(now)
  member.behindSince = now
  member.starts++
  member.nextStart = startOf(plan.starts[member.starts], member.chance)
}

function startOf(start: Start | undefined, chance: Chance): number {
  return start === undefined
    ? Number.POSITIVE_INFINITY
    : start.atMs + chance.next() * start.spreadMs
}

interface Woken {
  readonly now: number
  readonly wasFresh: boolean
  readonly backAt: number
}

function noteFreshness(
  member: Member,
  { now, wasFresh, backAt }: Woken,
  refreshed: Refreshed[],
): void {
  const { isFresh } = member.pod
  if (wasFresh && !isFresh) member.behindSince = now
  if (wasFresh || !isFresh) return
  refreshed.push({ atMs: now, waitMs: now - Math.max(member.behindSince, backAt) })
}
