/** Tells a process that stays of files that are no longer the same, as the waiter would. */
import { type FSWatcher, realpathSync, statSync, watch } from 'node:fs'
import { dirname } from 'node:path'
import { toAppError } from '../../core/errors.ts'
import { errorFields, type Logger } from '../../core/log.ts'

import { changedFiles } from './file-marks.ts'

export interface WatcherPorts {
  readonly logger: Logger
  /** At least one of the files is another. Called again only after the next `watch`. */
  readonly onChange: (paths: readonly string[]) => void
}

/** A file that is written in several pieces is looked at once they are likely to be there. */
const settleMs = 200

/** Directories are watched, since a file is often replaced, or is a link through one that is. */
export class FileWatcher {
  readonly #ports: WatcherPorts
  readonly #directories = new Map<string, FSWatcher | undefined>()
  #marks: ReadonlyMap<string, string> = new Map()
  #timer: NodeJS.Timeout | undefined

  constructor(ports: WatcherPorts) {
    this.#ports = ports
  }

  /** Watches the files of `marks`, and nothing else, for what differs from them: also for what did before. */
  watch(marks: ReadonlyMap<string, string>): void {
    this.#marks = marks
    const wanted = new Set([...marks.keys()].flatMap(directoriesOf))
    for (const [directory, watcher] of this.#directories) {
      if (wanted.has(directory)) continue
      watcher?.close()
      this.#directories.delete(directory)
    }
    for (const directory of wanted) {
      if (!this.#directories.has(directory)) this.#directories.set(directory, this.#open(directory))
    }
    this.#look()
  }

  #open(directory: string): FSWatcher | undefined {
    const refuse = (thrown: unknown) => {
      const error = toAppError(thrown, 'input_invalid', { path: directory })
      this.#ports.logger.warn('changes of files are not noticed', errorFields(error))
    }
    try {
      const watcher = watch(directory, { persistent: false }, () => this.#lookSoon())
      watcher.on('error', refuse)
      return watcher
    } catch (thrown) {
      refuse(thrown)
      return undefined
    }
  }

  #lookSoon(): void {
    if (this.#timer !== undefined) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#look()
    }, settleMs)
    this.#timer.unref()
  }

  #look(): void {
    const changed = changedFiles(this.#marks)
    if (changed.length === 0) return
    this.#marks = new Map()
    this.#ports.onChange(changed)
  }
}

/** Where the file is named and where its links lead; a directory itself. */
function directoriesOf(path: string): readonly string[] {
  try {
    const real = realpathSync(path)
    const directories = [dirname(path), dirname(real)]
    return statSync(real).isDirectory() ? [...directories, real] : directories
  } catch {
    return [dirname(path)]
  }
}
