/**
 * A directory whose files switch together: they are links through `..data` to the directory of their generation, and that one
 * link is replaced. Source: the kubelet's atomic writer, which lays out ConfigMaps and Secrets so.
 */
import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readlinkSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { AppError, systemCode } from '../errors.ts'
import type { HeldDirectory } from './directory.ts'
import { withExisting } from './existing-file.ts'
import { attributesOf, type FileContent, named } from './prepared-write.ts'
import { type Attributes, removeEntry, stageFile, stageLink } from './staged-file.ts'
import { openForWriting } from './strays.ts'
import {
  atPlace,
  isAbsent,
  isDirectory,
  listWays,
  makeWay,
  type Place,
  placeHolds,
  removeTree,
} from './tree.ts'

export interface Generation {
  readonly directory: string
  /** Below the directory. */
  readonly files: readonly FileContent[]
  /** Paths of files of the old generation that go over into the new one; the others vanish. */
  readonly kept: readonly string[]
}

const currentLink = '..data'
const generationPattern = /^\.\.claviger-[0-9a-f]{16}$/

/** The paths whose bytes changed. Files in the directory that are not of a generation are left alone. Errors: `write_failed`. */
export function switchGeneration({ directory: path, files, kept }: Generation): readonly string[] {
  return named(path, () => {
    const createDirectories = files.some(({ options }) => options.createDirectories)
    const directory = openForWriting(path, createDirectories)
    const way = (file: string) => relative(resolve(path), resolve(file))
    const members = new Map(files.map((file) => [way(file.path), file]))
    try {
      return switchMembers(directory, members, kept.map(way))
    } finally {
      directory.close()
    }
  })
}

type Members = ReadonlyMap<string, FileContent>

function switchMembers(
  directory: HeldDirectory,
  members: Members,
  kept: readonly string[],
): readonly string[] {
  refuseDirectories(directory, members)
  const old = openCurrent(directory)
  try {
    const root = old ?? directory
    const changed = [...members].filter(
      ([way, { bytes }]) =>
        (old !== undefined && !isLinked(directory, firstName(way))) ||
        !placeHolds({ root, way }, bytes),
    )
    const fresh = new Map(old === undefined ? members : changed)
    const before = old === undefined ? [] : listWays(old)
    const carried = before.filter(
      (way) => !fresh.has(way) && (members.has(way) || kept.includes(way)),
    )
    if (fresh.size > 0 || carried.length < before.length) {
      replaceCurrent(directory, (next) => {
        for (const way of carried) carry({ root, way }, next)
        for (const [way, file] of fresh) fill({ root, way }, next, file)
      })
    }
    tidy(directory, new Set([...carried, ...fresh.keys()].map(firstName)))
    return changed.map(([, { path }]) => path)
  } finally {
    old?.close()
  }
}

function firstName(way: string): string {
  return way.split('/')[0] ?? way
}

/** Before anything is changed: a link cannot take the place of a directory. */
function refuseDirectories(directory: HeldDirectory, members: Members): void {
  for (const name of new Set([...members.keys()].map(firstName))) {
    if (name.startsWith('..')) {
      throw new AppError('write_failed', { reason: 'names with two leading dots are taken' })
    }
    if (isDirectory(directory, name)) {
      throw new AppError('write_failed', { reason: `${name} is a directory` })
    }
  }
}

/** The name of the directory that `..data` leads to; undefined where that is none of ours. */
function currentName(directory: HeldDirectory): string | undefined {
  const target = readLink(directory, currentLink)
  return target !== undefined && generationPattern.test(target) ? target : undefined
}

function openCurrent(directory: HeldDirectory): HeldDirectory | undefined {
  const name = currentName(directory)
  return name !== undefined && isDirectory(directory, name) ? directory.child(name) : undefined
}

/** A new generation, on the disk before the link is moved to it. */
function replaceCurrent(directory: HeldDirectory, write: (next: HeldDirectory) => void): void {
  const name = `..claviger-${randomBytes(8).toString('hex')}`
  mkdirSync(directory.at(name), { mode: 0o755 })
  try {
    const next = directory.child(name)
    try {
      write(next)
      next.sync()
    } finally {
      next.close()
    }
    stageLink(directory, name).commit(currentLink)
  } catch (thrown) {
    removeTree(directory, name)
    throw thrown
  }
  directory.sync()
}

/** The same file under a second name: neither copied nor changed. */
function carry({ root, way }: Place, next: HeldDirectory): void {
  makeWay({ root: next, way })
  atPlace({ root, way }, (from, name) =>
    atPlace({ root: next, way }, (to) => linkSync(from.at(name), to.at(name))),
  )
}

function fill(before: Place, next: HeldDirectory, { bytes, options }: FileContent): void {
  const { way } = before
  const attributes = attributesBefore(before, options)
  makeWay({ root: next, way })
  atPlace({ root: next, way }, (directory, name) => {
    stageFile(directory, bytes, attributes).commit(name)
    directory.sync()
  })
}

/** With the mode and owner of the file that was there, as a file outside of a generation has them. */
function attributesBefore(place: Place, options: FileContent['options']): Attributes {
  try {
    return atPlace(place, (directory, name) =>
      withExisting(directory, name, (existing) => attributesOf(existing, options)),
    )
  } catch (thrown) {
    if (!isAbsent(thrown)) throw thrown
    return attributesOf(undefined, options)
  }
}

/** Whether readers come to the current generation by that name. */
function isLinked(directory: HeldDirectory, name: string): boolean {
  return readLink(directory, name) === `${currentLink}/${name}`
}

/** Links to all members, none to what is no member any more, and no generation but the current one. */
function tidy(directory: HeldDirectory, names: ReadonlySet<string>): void {
  for (const name of names) {
    if (!isLinked(directory, name)) stageLink(directory, `${currentLink}/${name}`).commit(name)
  }
  try {
    removeRest(directory, names)
  } catch {
    // All files are in place; what could not be removed is tried again with the next write.
  }
}

function removeRest(directory: HeldDirectory, names: ReadonlySet<string>): void {
  const current = currentName(directory)
  for (const name of directory.list()) {
    const isOld = generationPattern.test(name) && name !== current
    if (isOld && isDirectory(directory, name)) removeTree(directory, name)
    if (!names.has(name) && isLinked(directory, name)) removeEntry(directory, name)
  }
}

function readLink(directory: HeldDirectory, name: string): string | undefined {
  try {
    return readlinkSync(directory.at(name))
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT' || systemCode(thrown) === 'EINVAL') return undefined
    throw thrown
  }
}
