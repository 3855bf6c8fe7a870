/** One pod of a fleet. */
import type { Chance } from '../../support/simulation/chance.ts'
import type { FleetPlan } from './fleet-plan.ts'
import type { FleetStore } from './fleet-store.ts'

export interface Pod {
  /** A new pod in the place of this one: nothing is left of it. */
  readonly start: (now: number) => void
  /** Does what is due at `now`, or nothing. When it wants to be woken again; infinity for never. */
  readonly wake: (now: number) => Promise<number> | number
  /** Everything is rendered, and nothing that was asked for since has failed without being asked again. */
  readonly isFresh: boolean
  /** How often its program had something to do: each may be a start of the process. */
  readonly steps: number
}

export interface PodParts {
  readonly plan: FleetPlan
  readonly store: FleetStore
  readonly chance: Chance
}

/** How long the kubelet waits before it starts a container again that has ended badly `crashes` times. Source: Kubernetes, CrashLoopBackOff. */
export function restartPauseMs(crashes: number): number {
  return crashes <= 1 ? 0 : Math.min(300_000, 10_000 * 2 ** (crashes - 2))
}
