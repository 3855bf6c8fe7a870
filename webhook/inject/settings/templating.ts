/** When templates are rendered again and what happens when they cannot be. */
import type { AnnotationReader } from '../annotation-reader.ts'
import { annotations } from '../annotations.ts'

export interface TemplatingSettings {
  readonly exitOnRetryFailure: boolean
  /** How often secrets without a lease are read again, a Go duration; the agent's default when absent. */
  readonly staticInterval: string | undefined
  /** Part of a lease, between 0 and 1; the agent's default when absent. */
  readonly renewalThreshold: number | undefined
}

export function readTemplating(reader: AnnotationReader): TemplatingSettings {
  return {
    exitOnRetryFailure: reader.plain(annotations.exitOnRetryFailure) ?? true,
    staticInterval: reader.plain(annotations.staticInterval) || undefined,
    renewalThreshold: reader.plain(annotations.renewalThreshold),
  }
}
