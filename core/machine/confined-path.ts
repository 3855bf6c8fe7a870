/**
 * Walks a path component by component on file descriptors, so that no symbolic link leads out of a directory, not even one
 * that is put there meanwhile. Needs Linux's /proc: what `openat` does elsewhere, a name under /proc/self/fd does here.
 */
import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  realpathSync,
} from 'node:fs'
import { relative, resolve } from 'node:path'

/** Opens without reading or writing: only to look, and to walk on from. Source: open(2). */
const O_PATH = 0o10000000
const { O_DIRECTORY, O_NOFOLLOW } = constants
/** As many as Linux follows. */
const mostLinks = 40

/** Why a path was not walked to its end, in fixed words. */
export class PathRefused extends Error {}

export const outside = 'is outside of sandbox'

export interface Entry {
  /** Of the directory that holds the last component; the caller must not close it. */
  readonly directory: number
  readonly name: string
  /** An `O_PATH` descriptor of the thing itself, undefined where there is none. */
  readonly file: number | undefined
}

export interface Walk {
  /** Absolute. */
  readonly root: string
  readonly path: string
  /** Makes missing directories with 0755. */
  readonly createDirectories: boolean
}

/** Calls `use` with what `path` leads to below `root`. Throws `PathRefused`, and system errors as they are. */
export function walkBelow<T>({ root, path, createDirectories }: Walk, use: (entry: Entry) => T): T {
  const walker = new Walker(root, createDirectories)
  try {
    return use(walker.walk(path))
  } finally {
    walker.close()
  }
}

type Found = 'file' | 'directory' | 'nothing' | { readonly target: string }

class Walker {
  readonly #root: string
  readonly #createDirectories: boolean
  /** From the root down. */
  readonly #directories: number[]
  #file: number | undefined
  #links = 0

  constructor(root: string, createDirectories: boolean) {
    // The root itself is the operator's word and may be a link.
    this.#root = realpathSync(root)
    this.#createDirectories = createDirectories
    this.#directories = [openSync(this.#root, O_PATH | O_DIRECTORY)]
  }

  walk(path: string): Entry {
    let pending = path.split('/')
    for (;;) {
      const [name = '', ...rest] = pending
      const isLast = rest.every((part) => part === '')
      pending = rest
      if (name === '..') this.#leave()
      else if (name !== '' && name !== '.') {
        const found = this.#enter(name, isLast)
        if (found === 'file' && !isLast) throw new PathRefused('is not a directory')
        if (found === 'file' || found === 'nothing') return this.#entry(name)
        if (found !== 'directory') pending = [...this.#follow(found.target), ...rest]
      }
      if (pending.length === 0) throw new PathRefused('is a directory')
    }
  }

  close(): void {
    for (const descriptor of this.#directories) closeSync(descriptor)
    if (this.#file !== undefined) closeSync(this.#file)
  }

  #entry(name: string): Entry {
    return { directory: this.#top, name, file: this.#file }
  }

  get #top(): number {
    return this.#directories.at(-1) ?? -1
  }

  /** A directory is entered, a file kept; nothing is only found where the last name is free. */
  #enter(name: string, isLast: boolean): Found {
    const place = `/proc/self/fd/${this.#top}/${name}`
    const descriptor = this.#open(place, isLast)
    if (descriptor === undefined) return 'nothing'
    const status = fstatSync(descriptor)
    if (status.isSymbolicLink()) {
      closeSync(descriptor)
      return { target: readlinkSync(place) }
    }
    if (status.isDirectory()) {
      this.#directories.push(descriptor)
      return 'directory'
    }
    this.#file = descriptor
    return 'file'
  }

  #open(place: string, isLast: boolean): number | undefined {
    try {
      return openSync(place, O_PATH | O_NOFOLLOW)
    } catch (thrown) {
      if (!isMissing(thrown) || !this.#createDirectories) throw thrown
      if (isLast) return undefined
      mkdirSync(place, { mode: 0o755 })
      return openSync(place, O_PATH | O_NOFOLLOW)
    }
  }

  #leave(): void {
    if (this.#directories.length === 1) throw new PathRefused(outside)
    const left = this.#directories.pop()
    if (left !== undefined) closeSync(left)
  }

  /** The components to go on with: an absolute target must lie below the root, and starts there. */
  #follow(target: string): readonly string[] {
    if (++this.#links > mostLinks) throw new PathRefused('has too many levels of symbolic links')
    if (!target.startsWith('/')) return target.split('/')
    const below = relative(this.#root, resolve(target))
    if (below.startsWith('..')) throw new PathRefused(outside)
    while (this.#directories.length > 1) this.#leave()
    return below.split('/')
  }
}

export function isMissing(thrown: unknown): boolean {
  return systemCode(thrown) === 'ENOENT'
}

/** The code of a system error, `EACCES` and the like. */
export function systemCode(thrown: unknown): unknown {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined
}

/** `path` as seen from the first of `roots` that it lies below; undefined where it lies below none. */
export function locate(
  path: string,
  roots: readonly string[],
): { readonly root: string; readonly path: string } | undefined {
  const absolute = resolve(path)
  for (const root of roots) {
    for (const start of [resolve(root), realPathOr(root)]) {
      const below = relative(start, absolute)
      if (below !== '' && below !== '..' && !below.startsWith('../'))
        return { root: start, path: below }
    }
  }
  return undefined
}

function realPathOr(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return resolve(path)
  }
}
