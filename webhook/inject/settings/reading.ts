/** What comes of reading one topic of a pod's annotations. */
import type { Issue } from '../../../core/issue.ts'

/** The value is of use only without issues. */
export interface Reading<T> {
  readonly value: T
  readonly issues: readonly Issue[]
  /** For the author of the pod: harmless by themselves. */
  readonly warnings: readonly string[]
}
