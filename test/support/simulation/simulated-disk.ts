/** A file system of whole files. */
import type { Applied } from '../../../agent/apply.ts'
import type { StepResult } from '../../../agent/step/step.ts'
import { AppError } from '../../../core/errors.ts'
import type { History } from './history.ts'
import type { SimulatedProcess } from './simulated-process.ts'

type Wanted = Pick<StepResult, 'writes' | 'removals'>

export class SimulatedDisk {
  readonly files = new Map<string, string>()
  #isFull = false
  readonly #history: History

  constructor(history: History) {
    this.#history = history
  }

  setFull(isFull: boolean): void {
    this.#isFull = isFull
    this.#history.note({ kind: 'disk', isFull })
  }

  /** By somebody who is not the agent. */
  meddle(path: string, text: string | undefined): void {
    if (text === undefined) this.files.delete(path)
    else this.files.set(path, text)
    this.#history.note({ kind: 'meddled', path, text })
  }

  /** As `applyStep`; the process may be killed before and after each file. */
  apply(process: SimulatedProcess, { writes, removals }: Wanted): Applied {
    const changed = new Set<string>()
    const failed = new Map<string, AppError>()
    for (const { destination: path, bytes, file } of writes) {
      process.passOrThrow()
      const text = Buffer.from(bytes).toString()
      if (this.files.get(path) === text) continue
      if (this.#isFull) {
        failed.set(path, new AppError('write_failed', { path, cause: 'ENOSPC' }))
        continue
      }
      this.files.set(path, text)
      this.#history.note({ kind: 'written', path, text, mode: file.mode })
      changed.add(path)
      process.passOrThrow()
    }
    for (const path of removals) {
      this.files.delete(path)
      this.#history.note({ kind: 'removed', path })
      process.passOrThrow()
    }
    this.#history.note({ kind: 'applied', failed: [...failed.keys()] })
    return { changed, failed }
  }
}
