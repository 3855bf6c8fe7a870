/** What comes of reading one topic of a pod's annotations. */
import type { Problem } from '../problem.ts'

/** The value is of use only without problems. */
export interface Reading<T> {
  readonly value: T
  readonly problems: readonly Problem[]
  /** For the author of the pod: harmless by themselves. */
  readonly warnings: readonly string[]
}
