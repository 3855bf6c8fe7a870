/** That the collector of traces failed, for the process that goes on with this one's work: it is told once and not at every step. */
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import type { FailingMark } from '../../core/tracing/traces.ts'

/** An empty file beside the state. What cannot be written is told again, which is no harm. */
export function createFailingFile(path: string): FailingMark {
  return {
    isSet: () => existsSync(path),
    set: (isFailing) => {
      try {
        if (isFailing) writeFileSync(path, '', { mode: 0o600 })
        else rmSync(path, { force: true })
      } catch {
        // The next process tells it again.
      }
    },
  }
}
