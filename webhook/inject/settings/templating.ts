/** When templates are rendered again and what happens when they cannot be. */
import type { AnnotationReader } from '../annotations/annotation-reader.ts'
import { annotations } from '../annotations/annotations.ts'
import type { Whole } from '../kinds/stock-kinds.ts'

export interface TemplatingSettings {
  readonly exitOnRetryFailure: boolean
  /** How often secrets without a lease are read again, a Go duration; the agent's default when absent. */
  readonly staticInterval: string | undefined
  readonly maxConnections: Whole | undefined
  /** Part of a lease, between 0 and 1 unless the profile is lenient; the agent's default when absent. */
  readonly renewalThreshold: number | undefined
  readonly disableIdleConnections: readonly string[] | undefined
  readonly disableKeepAlives: readonly string[] | undefined
}

export function readTemplating(reader: AnnotationReader): TemplatingSettings {
  const threshold = reader.plain(annotations.renewalThreshold)
  return {
    exitOnRetryFailure: reader.plain(annotations.exitOnRetryFailure) ?? true,
    staticInterval: reader.plain(annotations.staticInterval) || undefined,
    maxConnections: reader.plain(annotations.maxConnections) || undefined,
    renewalThreshold: threshold === 0 ? undefined : threshold,
    disableIdleConnections: dropEmpty(reader.plain(annotations.idleConnections)),
    disableKeepAlives: dropEmpty(reader.plain(annotations.keepAlives)),
  }
}

/** Splitting an empty text gives one empty element. */
function dropEmpty(list: readonly string[] | undefined): readonly string[] | undefined {
  return list === undefined || list.length === 0 || (list.length === 1 && list[0] === '')
    ? undefined
    : list
}
