/**
 * Directories held open, so that what is written in them lands there whatever becomes of their names meanwhile. Needs Linux's
 * /proc: what `openat` does elsewhere, a name under /proc/self/fd does here. On other systems paths are used as they are.
 */
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  type Stats,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { AppError, systemCode } from '../errors.ts'

/** Opens without reading or writing: only to look, and to walk on from. Source: open(2). */
const O_PATH = 0o10000000
const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants
/** As many as Linux follows. */
const mostLinks = 40
const isLinux = process.platform === 'linux'

export interface HeldDirectory {
  /** A path of the entry `name`, good for as long as the directory is held. */
  readonly at: (name: string) => string
  /** The directory `name` in this one; a link is not followed. System errors as they are. */
  readonly child: (name: string) => HeldDirectory
  readonly list: () => readonly string[]
  /** Makes changes of entries outlive a crash of the machine, as far as the file system can. */
  readonly sync: () => void
  readonly close: () => void
}

/**
 * The directory at `path`; with `createDirectories` missing parts are made with 0755. A symbolic link on the way is followed
 * only where nobody but root and this process could have put it: link and directory belong to one of them, and neither
 * that directory nor any above it, down from the root, lets others write (a sticky one does not let them replace).
 * Errors: `write_failed` for any other link, system errors as they are.
 */
export function openDirectory(path: string, createDirectories: boolean): HeldDirectory {
  const absolute = resolve(path)
  if (isLinux) return new Walker(absolute, createDirectories).walk()
  if (createDirectories) mkdirSync(absolute, { recursive: true, mode: 0o755 })
  return holdPath(absolute)
}

interface Level {
  readonly descriptor: number
  /** Whether links in it may be followed. */
  readonly isTrusted: boolean
}

class Walker {
  readonly #path: string
  readonly #createDirectories: boolean
  /** From the root down. */
  readonly #levels: Level[] = []
  #links = 0

  constructor(path: string, createDirectories: boolean) {
    this.#path = path
    this.#createDirectories = createDirectories
  }

  walk(): HeldDirectory {
    try {
      const root = openSync('/', O_PATH | O_DIRECTORY)
      this.#push(root, fstatSync(root))
      let pending = this.#path.split('/')
      while (pending.length > 0) {
        const [name = '', ...rest] = pending
        const target = this.#enter(name)
        pending = target === undefined ? rest : [...target.split('/'), ...rest]
      }
      const reached = this.#levels.pop()
      return holdDescriptor(reached?.descriptor ?? -1)
    } finally {
      for (const { descriptor } of this.#levels) closeQuietly(descriptor)
    }
  }

  /** The target of a link that is to be followed. */
  #enter(name: string): string | undefined {
    if (name === '' || name === '.') return undefined
    if (name === '..') return this.#leave()
    const place = `/proc/self/fd/${this.#top.descriptor}/${name}`
    const descriptor = this.#open(place)
    const status = fstatSync(descriptor)
    if (!status.isSymbolicLink()) {
      this.#push(descriptor, status)
      return undefined
    }
    closeQuietly(descriptor)
    if (!this.#top.isTrusted || !belongsToUs(status)) throw this.#refusal()
    const target = readlinkSync(place)
    if (++this.#links > mostLinks) throw this.#refusal()
    if (target.startsWith('/')) while (this.#levels.length > 1) this.#leave()
    return target
  }

  #open(place: string): number {
    try {
      return openSync(place, O_PATH | O_NOFOLLOW)
    } catch (thrown) {
      if (systemCode(thrown) !== 'ENOENT' || !this.#createDirectories) throw thrown
      mkdirSync(place, { mode: 0o755 })
      return openSync(place, O_PATH | O_NOFOLLOW)
    }
  }

  #push(descriptor: number, status: Stats): void {
    const isSafe =
      belongsToUs(status) && ((status.mode & 0o022) === 0 || (status.mode & 0o1000) !== 0)
    this.#levels.push({ descriptor, isTrusted: isSafe && (this.#levels.at(-1)?.isTrusted ?? true) })
  }

  #leave(): undefined {
    if (this.#levels.length === 1) return
    const left = this.#levels.pop()
    if (left !== undefined) closeQuietly(left.descriptor)
  }

  get #top(): Level {
    return this.#levels.at(-1) ?? { descriptor: -1, isTrusted: false }
  }

  #refusal(): AppError {
    const reason = 'leads through a symbolic link that is not followed'
    return new AppError('write_failed', { path: this.#path, reason })
  }
}

/** For a descriptor that nothing was written through: an error has nothing to say then. */
export function closeQuietly(descriptor: number): void {
  try {
    closeSync(descriptor)
  } catch {
    return
  }
}

function belongsToUs({ uid }: Stats): boolean {
  return uid === 0 || uid === process.geteuid?.()
}

function holdDescriptor(descriptor: number): HeldDirectory {
  const place = `/proc/self/fd/${descriptor}`
  return {
    ...hold(place),
    child: (name) =>
      holdDescriptor(openSync(`${place}/${name}`, O_PATH | O_DIRECTORY | O_NOFOLLOW)),
    close: () => closeQuietly(descriptor),
  }
}

function holdPath(path: string): HeldDirectory {
  return { ...hold(path), child: (name) => holdPath(join(path, name)), close: () => undefined }
}

function hold(place: string): Omit<HeldDirectory, 'child' | 'close'> {
  return {
    at: (name) => `${place}/${name}`,
    list: () => readdirSync(`${place}/.`),
    sync: () => syncDirectory(`${place}/.`),
  }
}

/** A rename that a crash undoes leaves the old file, which is written again then: no failure is worth more than that. */
function syncDirectory(path: string): void {
  try {
    const descriptor = openSync(path, O_RDONLY | O_DIRECTORY)
    try {
      fsyncSync(descriptor)
    } finally {
      closeQuietly(descriptor)
    }
  } catch {
    return
  }
}
