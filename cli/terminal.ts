/** What a verb of the command line is given instead of `process`. */
import type { Clock } from '../core/clock.ts'
import { AppError } from '../core/errors.ts'
import { formatIssue, type Issue } from '../core/issue.ts'
import type { Logger } from '../core/log.ts'

export interface Terminal {
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  /** Standard input, decoded. */
  readonly input: AsyncIterable<string>
  readonly write: (text: string) => void
  readonly writeError: (text: string) => void
  /** For what runs on: lines on standard error. */
  readonly logger: Logger
  /** Aborted by SIGTERM and SIGINT. */
  readonly stop: AbortSignal
}

/** Resolves to the exit code; throws AppErrors. */
export type RunVerb = (words: readonly string[], terminal: Terminal) => Promise<number>

/** Prints every problem with the command line; the exit code of `usage`. */
export function refuseUsage(issues: readonly Issue[], { writeError }: Terminal): number {
  for (const issue of issues) writeError(`claviger: ${formatIssue(issue)}\n`)
  return new AppError('usage').exitCode
}
