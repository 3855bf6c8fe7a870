/** A store that is too busy is left alone as a whole, each by itself; and what it gave is remembered. */
import { namedStore } from '../../core/template/secret-request.ts'
import { fail } from '../plan/failure.ts'
import type { AgentState } from '../plan/state.ts'
import { inheritStores, keepMemory, noteStore } from '../plan/stores.ts'
import {
  currentMoment,
  type SecretResult,
  type Stage,
  type StepContext,
  type StepEvent,
} from './context.ts'
import type { StepStore } from './ports.ts'

type Stores = ReadonlyMap<string, Pick<StepStore, 'identity' | 'memory'>>

/** Drops what other stores of these names left, and hands the memories over. What the ports have learnt in this process stays with them. */
export function openStores(stores: Stores, before: AgentState): AgentState {
  const identities = new Map(Array.from(stores, ([name, { identity }]) => [name, identity]))
  const state = inheritStores(before, identities)
  for (const [name, { memory }] of stores) {
    for (const [key, secret] of state.stores.get(name)?.memory ?? []) {
      if (!memory.has(key)) memory.set(key, secret)
    }
  }
  return state
}

export function keepMemories(stores: Stores, state: AgentState): AgentState {
  if (stores.size === 0) return state
  const kept = Array.from(stores).reduce(
    (sofar, [name, { memory }]) => keepMemory(sofar, name, memory),
    state.stores,
  )
  return { ...state, stores: kept }
}

/** One that was too busy rests, longer each time; one that answered does not any more. */
export function noteStores(
  context: StepContext,
  stage: Stage,
  results: readonly SecretResult[],
): Stage {
  const names = new Set(results.flatMap((result) => nameOf(result) ?? []))
  return [...names].reduce<Stage>((sofar, name) => {
    const own = results.filter((result) => nameOf(result) === name)
    return noteOne(context, sofar, { name, results: own })
  }, stage)
}

function nameOf(result: SecretResult): string | undefined {
  return namedStore(result.kind === 'held' ? result.held.request : result.request)
}

interface Noted {
  readonly name: string
  readonly results: readonly SecretResult[]
}

function noteOne(context: StepContext, { state, events }: Stage, { name, results }: Noted): Stage {
  const errors = results.flatMap((result) => (result.kind === 'failed' ? [result.error] : []))
  const [error] = errors
    .filter(({ code }) => code === 'store_busy')
    .toSorted((left, right) => pauseOf(right.facts) - pauseOf(left.facts))
  if (error === undefined) return { state: noteStore(state, name, undefined), events }
  const at = currentMoment(context)
  const { backoff } = context.config.templating
  const failure = fail(state.stores.get(name)?.failure, { error, backoff }, at)
  const event: StepEvent = {
    kind: 'store_busy',
    store: name,
    attempts: failure.count,
    retryInMs: failure.retryAt - at.now,
  }
  return { state: noteStore(state, name, failure), events: [...events, event] }
}

function pauseOf(facts: Readonly<Record<string, unknown>>): number {
  return Number(facts['retryAfterMs'] ?? 0)
}
