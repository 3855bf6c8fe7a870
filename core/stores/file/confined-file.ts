/** Files below a directory, and no way out of it: neither by a name nor by a link. */
import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  statSync,
  unlinkSync,
} from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { AppError, systemCode } from '../../errors.ts'
import type { HeldDirectory } from '../../files/directory.ts'
import { isTemporary, stageFile } from '../../files/staged-file.ts'
import { openForWriting } from '../../files/strays.ts'
import { atPlace } from '../../files/tree.ts'
import { outside, PathRefused, walkBelow } from '../../machine/confined-path.ts'

/** More is no secret. */
const mostBytes = 16 * 1024 * 1024
/** A file that changes while it is read is read again so often. */
const mostTries = 5
const isLinux = process.platform === 'linux'

export interface FoundFile {
  readonly bytes: Buffer
  /** Of the file whose bytes these are. */
  readonly status: BigIntStats
}

/** Errors: `input_invalid` for a name that leads elsewhere or that writers of directories keep for themselves. */
export function checkName(name: string): void {
  const parts = name.split('/')
  const isGood = parts.every(
    (part) => part !== '' && part !== '.' && !part.startsWith('..') && !isTemporary(part),
  )
  if (isGood && !name.includes('\0')) return
  const reason = 'not a name of a file below the directory'
  throw new AppError('input_invalid', { reason })
}

/** Links are followed as long as they stay below `root`. Errors: `store_answer_invalid` for a file without end, system errors as they are. */
export function readBelow(root: string, name: string): FoundFile {
  if (isLinux) {
    const walk = { root, path: name, createDirectories: false }
    return walkBelow(walk, ({ file }) => {
      if (file === undefined) throw new PathRefused('is not a file')
      return readWhole(`/proc/self/fd/${file}`)
    })
  }
  const target = realpathSync(join(root, name))
  requireBelow(root, target)
  return readWhole(target)
}

/** A writer that does not rename is met in the middle of its work: then the file has changed by the time all of it is read. */
function readWhole(place: string): FoundFile {
  const file = openSync(place, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    for (let tried = 1; tried <= mostTries; tried++) {
      const before = fstatSync(file, { bigint: true })
      if (!before.isFile()) throw new PathRefused('is not a file')
      if (before.size > mostBytes) {
        throw new AppError('store_answer_invalid', { reason: 'larger than 16 MiB' })
      }
      const bytes = readFrom(file, Number(before.size))
      const status = fstatSync(file, { bigint: true })
      if (status.mtimeNs === before.mtimeNs && BigInt(bytes.length) === status.size) {
        return { bytes, status }
      }
    }
  } finally {
    closeSync(file)
  }
  throw new AppError('store_busy', { reason: 'the file changes while it is read' })
}

/** From its beginning, and one byte more than it had if it has grown. */
function readFrom(file: number, size: number): Buffer {
  const bytes = Buffer.alloc(size + 1)
  let length = 0
  for (;;) {
    const count = readSync(file, bytes, length, bytes.length - length, length)
    length += count
    if (count === 0 || length === bytes.length) return bytes.subarray(0, length)
  }
}

/** Mode 0600, and 0700 for directories that are made; whole at every moment. Errors: `input_invalid` for what could not be read again, `store_refused` where a link or a directory has the name, or a file that of a directory. */
export function writeBelow(root: string, name: string, bytes: Uint8Array): void {
  if (bytes.length > mostBytes)
    throw new AppError('input_invalid', { reason: 'larger than 16 MiB' })
  makeRoot(root)
  try {
    inRoot(root, (directory) => {
      makeDirectories(directory, name)
      if (!isLinux) requireBelow(root, realpathSync(dirname(join(root, name))))
      atPlace({ root: directory, way: name }, (parent, last) => {
        refuseLink(parent, last)
        const owner = { uid: undefined, gid: undefined }
        stageFile(parent, bytes, { mode: 0o600, owner, heir: undefined }).commit(last)
        parent.sync()
      })
    })
  } catch (thrown) {
    const reason = inTheWay.get(systemCode(thrown) ?? '')
    throw reason === undefined ? thrown : new AppError('store_refused', { reason })
  }
}

/** Not with `recursive`: Node would try for ever where a directory takes none, as that of the processes. */
function makeRoot(path: string): void {
  if (whyNoDirectory(path) !== 'ENOENT') return
  if (whyNoDirectory(dirname(path)) === 'ENOENT') makeRoot(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (thrown) {
    // Another writer may have made it.
    if (systemCode(thrown) !== 'EEXIST') throw thrown
  }
}

/** The system's code; undefined for a directory, and for what cannot be looked at. */
export function whyNoDirectory(path: string): 'ENOENT' | 'ENOTDIR' | undefined {
  try {
    return statSync(path).isDirectory() ? undefined : 'ENOTDIR'
  } catch (thrown) {
    const code = systemCode(thrown)
    return code === 'ENOENT' || code === 'ENOTDIR' ? code : undefined
  }
}

/** By what the system says. */
const inTheWay = new Map([
  ['EISDIR', 'a directory has the name'],
  ['ENOTDIR', 'a file or a link has the name of a directory on the way'],
])

export function removeBelow(root: string, name: string): void {
  inRoot(root, (directory) => {
    if (!isLinux) requireBelow(root, realpathSync(dirname(join(root, name))))
    atPlace({ root: directory, way: name }, (parent, last) => {
      refuseLink(parent, last)
      unlinkSync(parent.at(last))
      parent.sync()
    })
  })
}

function inRoot(root: string, use: (directory: HeldDirectory) => void): void {
  // The directory itself is the operator's word and may be a link.
  const directory = openForWriting(realpathSync(root), false)
  try {
    use(directory)
  } finally {
    directory.close()
  }
}

function makeDirectories(root: HeldDirectory, name: string): void {
  const parents = name.split('/').slice(0, -1)
  parents.forEach((_, index) => {
    atPlace({ root, way: parents.slice(0, index + 1).join('/') }, (directory, last) => {
      try {
        mkdirSync(directory.at(last), { mode: 0o700 })
      } catch (thrown) {
        if (systemCode(thrown) !== 'EEXIST') throw thrown
      }
    })
  })
}

/** As in a mounted ConfigMap: whoever keeps the link would put it back. */
function refuseLink(directory: HeldDirectory, name: string): void {
  if (lstatSync(directory.at(name), { throwIfNoEntry: false })?.isSymbolicLink() !== true) return
  const reason = 'the file is a link, which whatever made it keeps'
  throw new AppError('store_refused', { reason })
}

/** Where no descriptor stands for the directory. */
function requireBelow(root: string, target: string): void {
  const start = realpathSync(root)
  if (target === start || target.startsWith(start.endsWith(sep) ? start : start + sep)) return
  throw new PathRefused(outside)
}

/** Which generation of files the directory shows, where they change all at once; undefined where each has a life of its own. */
export function currentGeneration(root: string): string | undefined {
  try {
    return readlinkSync(join(root, '..data'))
  } catch {
    return undefined
  }
}
