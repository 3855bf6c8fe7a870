/** Files below a held directory, by their way from it: names with slashes between them. No link is followed. */
import { lstatSync, mkdirSync, rmdirSync } from 'node:fs'
import { AppError, systemCode } from '../errors.ts'
import type { HeldDirectory } from './directory.ts'
import { withExisting } from './existing-file.ts'
import { removeEntry } from './staged-file.ts'

export interface Place {
  readonly root: HeldDirectory
  readonly way: string
}

/** Calls `use` with the directory that holds the last name of the way. System errors as they are. */
export function atPlace<T>(
  { root, way }: Place,
  use: (directory: HeldDirectory, name: string) => T,
): T {
  const [name = '', ...rest] = way.split('/')
  if (rest.length === 0) return use(root, name)
  const child = root.child(name)
  try {
    return atPlace({ root: child, way: rest.join('/') }, use)
  } finally {
    child.close()
  }
}

/** Makes the directories of the way, with 0755. */
export function makeWay({ root, way }: Place): void {
  const [name = '', ...rest] = way.split('/')
  if (rest.length === 0) return
  try {
    mkdirSync(root.at(name), { mode: 0o755 })
  } catch (thrown) {
    if (systemCode(thrown) !== 'EEXIST') throw thrown
  }
  const child = root.child(name)
  try {
    makeWay({ root: child, way: rest.join('/') })
  } finally {
    child.close()
  }
}

/** Whether a regular file is there, with these bytes. */
export function placeHolds(place: Place, bytes: Uint8Array): boolean {
  try {
    return atPlace(place, (directory, name) =>
      withExisting(directory, name, (existing) => existing?.holds(bytes) === true),
    )
  } catch (thrown) {
    if (thrown instanceof AppError || isAbsent(thrown)) return false
    throw thrown
  }
}

/** Whether a way ends before its last name. */
export function isAbsent(thrown: unknown): boolean {
  return absent.has(systemCode(thrown))
}

const absent = new Set<string | undefined>(['ENOENT', 'ENOTDIR', 'ELOOP'])

/** The ways of all that is no directory. */
export function listWays(root: HeldDirectory): readonly string[] {
  return root.list().flatMap((name) => {
    if (!isDirectory(root, name)) return [name]
    const child = root.child(name)
    try {
      return listWays(child).map((way) => `${name}/${way}`)
    } finally {
      child.close()
    }
  })
}

export function removeTree(root: HeldDirectory, name: string): void {
  const tree = root.child(name)
  try {
    for (const entry of tree.list()) {
      if (isDirectory(tree, entry)) removeTree(tree, entry)
      else removeEntry(tree, entry)
    }
  } finally {
    tree.close()
  }
  rmdirSync(root.at(name))
}

export function isDirectory(root: HeldDirectory, name: string): boolean {
  return lstatSync(root.at(name), { throwIfNoEntry: false })?.isDirectory() === true
}
