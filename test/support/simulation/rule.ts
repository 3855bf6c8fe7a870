/** What an invariant is to the checker: told of entries before the replay knows of it. */
import type { Entry } from './history.ts'
import type { Replay } from './replay.ts'

/** What is wrong with the entry, or with what is the case when it comes. */
export type Rule = (replay: Replay, entry: Entry) => readonly string[]

/** A rule with its name, for a new day: it may keep what it has seen. */
export interface Invariant {
  readonly name: string
  /** What it wants to be told of. */
  readonly kinds: readonly Entry['kind'][]
  readonly create: () => Rule
}

export const nothing: readonly string[] = []
