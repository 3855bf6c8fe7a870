/** Standard output and standard error, which may end before the program does. */
import type { Writable } from 'node:stream'
import { toAppError } from '../core/errors.ts'

export interface Outputs {
  readonly output: Writable
  readonly error: Writable
  readonly exit: (code: number) => void
}

/** What shells say of a program that the signal of a broken pipe ends. */
const brokenPipe = 141

/** A reader that has enough, as `head`, ends the program without a word; a full disk ends it with `write_failed`. */
export function endWithOutput({ output, error, exit }: Outputs): void {
  output.on('error', (thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'EPIPE') return exit(brokenPipe)
    const failure = toAppError(thrown, 'write_failed', { path: 'standard output' })
    error.write(`claviger: ${failure.message}\n`)
    exit(failure.exitCode)
  })
  // Nobody is left to be told.
  error.on('error', () => undefined)
}
