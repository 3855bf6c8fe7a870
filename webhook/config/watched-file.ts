/** A mounted file that is read again when it changes: the last good value counts. */
import { readFile } from 'node:fs/promises'
import type { Clock } from '../../core/clock.ts'
import { systemCode } from '../../core/errors.ts'
import type { Issue, Parsed } from '../../core/issue.ts'

export interface WatchedFile<T> {
  /** The last good one. */
  readonly current: () => T
  /** Ends when `signal` aborts, and never rejects. */
  readonly run: (signal: AbortSignal) => Promise<void>
}

export interface WatchedFileOptions<T> {
  readonly path: string
  /** Of the issue that the file cannot be read. */
  readonly code: string
  readonly parse: (text: string) => Parsed<T>
  readonly clock: Clock
  readonly onValue: (value: T) => void
  readonly onIssues: (issues: readonly Issue[]) => void
}

/** Reading beats watching: a mounted Secret or ConfigMap changes by the swap of a symlink, which watches of a file miss. */
const intervalMs = 2_000

/** The issues of the first reading, as a webhook does not start without what it was told to apply. */
export async function openWatchedFile<T>(
  options: WatchedFileOptions<T>,
): Promise<Parsed<WatchedFile<T>>> {
  const { clock, onValue, onIssues } = options
  const first = await read(options)
  if (first.parsed.kind === 'issues') return first.parsed
  let current = first.parsed.value
  let seen = first.text
  const update = async () => {
    const { text, parsed } = await read(options)
    if (text === seen) return
    seen = text
    if (parsed.kind === 'issues') return onIssues(parsed.issues)
    current = parsed.value
    onValue(current)
  }
  const run = async (signal: AbortSignal) => {
    onValue(current)
    while (!signal.aborted) {
      await clock.sleep(intervalMs, signal)
      if (!signal.aborted) await update()
    }
  }
  return { kind: 'ok', value: { current: () => current, run } }
}

interface Contents<T> {
  /** Undefined when the file cannot be read. */
  readonly text: string | undefined
  readonly parsed: Parsed<T>
}

async function read<T>({ path, code, parse }: WatchedFileOptions<T>): Promise<Contents<T>> {
  try {
    const text = await readFile(path, 'utf8')
    return { text, parsed: parse(text) }
  } catch (thrown) {
    const hint = systemCode(thrown)
    const issue = { code, path, expected: 'a file that can be read' }
    const issues = [hint === undefined ? issue : { ...issue, hint }]
    return { text: undefined, parsed: { kind: 'issues', issues } }
  }
}
