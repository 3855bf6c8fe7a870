/** What a verb of the command line is given instead of `process`. */
import type { Clock } from '../core/clock.ts'
import { AppError } from '../core/errors.ts'
import type { FlagTable } from '../core/go-flags.ts'
import { formatIssue, type Issue, type Parsed } from '../core/issue.ts'
import type { Logger } from '../core/log.ts'
import type { Tracer } from '../core/tracing/recorder.ts'

export interface Terminal {
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  /** Standard input, decoded. */
  readonly input: AsyncIterable<string>
  /** The same as it comes; only one of the two can be read. */
  readonly inputBytes: AsyncIterable<Uint8Array>
  /** Whether standard input is a person's keyboard. */
  readonly inputIsTerminal: boolean
  /** A line of the person at the keyboard, without its end; undefined where they end it instead. Throws `input_invalid`. */
  readonly ask: (question: Question) => Promise<string | undefined>
  readonly write: (text: string | Uint8Array) => void
  readonly writeError: (text: string) => void
  /** Columns of the terminal that standard output is; undefined when it is a file or a pipe. */
  readonly columns: number | undefined
  /** Whether standard output takes colours. */
  readonly colours: boolean
  /** The working directory. */
  readonly directory: string
  /** For what runs on: lines on standard error. */
  readonly logger: Logger
  /** Records what is asked of stores. Absent: nothing does. */
  readonly tracer?: Tracer | undefined
  /** Aborted by SIGTERM and SIGINT. */
  readonly stop: AbortSignal
}

export interface Question {
  readonly text: string
  /** Whether the answer is not to be seen. */
  readonly isHidden: boolean
}

/** Resolves to the exit code; throws AppErrors. */
export type RunVerb = (words: readonly string[], terminal: Terminal) => Promise<number>

/** A verb and what completion knows of it. */
export interface Verb {
  readonly run: RunVerb
  readonly flags: FlagTable
  /** What its first bare word may be, where that is one of a set. */
  readonly words?: readonly string[]
  /** Whether its bare words are files. */
  readonly takesFiles?: boolean
}

interface VerbParts<T> {
  readonly help: string
  readonly parse: (words: readonly string[], terminal: Terminal) => Parsed<T>
  readonly run: (command: T, terminal: Terminal) => Promise<number>
}

/** What every verb begins with: a wrong command line is refused, `-help` prints the help. */
export function createRun<T extends { readonly flags: { readonly help?: boolean } }>({
  help,
  parse,
  run,
}: VerbParts<T>): RunVerb {
  return async (words, terminal) => {
    const parsed = parse(words, terminal)
    if (parsed.kind === 'issues') return refuseUsage(parsed.issues, terminal)
    if (parsed.value.flags.help !== true) return run(parsed.value, terminal)
    terminal.write(help)
    return 0
  }
}

/** Prints every problem with the command line; the exit code of `usage`. */
export function refuseUsage(issues: readonly Issue[], { writeError }: Terminal): number {
  for (const issue of issues) writeError(`claviger: ${formatIssue(issue)}\n`)
  return new AppError('usage').exitCode
}
