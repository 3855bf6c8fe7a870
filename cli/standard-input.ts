/** Standard input, which nobody waits for who is told to stop. */
import type { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { AppError } from '../core/errors.ts'

/**
 * `input` as it comes. Errors: `input_invalid` once `stop` aborts, also within `graceMs` after the end: an interrupt ends the program
 * at the other end of a pipe as well, and the end of what that had to say may be seen first.
 */
export async function* readInput(
  input: Readable,
  { stop, graceMs }: { readonly stop: AbortSignal; readonly graceMs: number },
): AsyncIterable<Uint8Array> {
  const end = () => input.destroy(interrupted())
  stop.addEventListener('abort', end)
  try {
    if (stop.aborted) throw interrupted()
    yield* input
    await setTimeout(graceMs, undefined, { signal: stop }).catch(() => undefined)
    if (stop.aborted) throw interrupted()
  } finally {
    stop.removeEventListener('abort', end)
  }
}

function interrupted(): AppError {
  return new AppError('input_invalid', { reason: 'interrupted before its end' })
}
