/** The file that a template writes with `writeToFile`, within what the policy allows. Source: consul-template's writeToFile. */
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { AppError } from '../errors.ts'
import { findId } from '../files/owner.ts'
import type { FileEffect } from '../template/local-request.ts'
import type { PathPolicy } from '../template/policy.ts'
import { locate, outside, PathRefused, walkBelow } from './confined-path.ts'
import { reasonOf } from './read-file.ts'

/** Errors: `write_failed` with the path and the call in the template. */
export function writeLocalFile(effect: FileEffect, policy: PathPolicy): void {
  try {
    write(effect, policy)
  } catch (thrown) {
    throw new AppError('write_failed', {
      path: effect.path,
      where: effect.where,
      reason: reasonOf(thrown),
    })
  }
}

function write(effect: FileEffect, policy: PathPolicy): void {
  if (policy.kind === 'denied') throw new PathRefused('may not be written')
  const place = policy.kind === 'roots' ? locate(effect.path, policy.roots) : freePlace(effect.path)
  if (place === undefined) throw new PathRefused(outside)
  walkBelow({ ...place, createDirectories: true }, ({ directory, name, file }) => {
    if (file !== undefined && !fstatSync(file).isFile()) {
      throw new PathRefused('is not a regular file')
    }
    writeEntry(`/proc/self/fd/${directory}/${name}`, effect)
  })
}

/** Anywhere, but not through a link: neither the file nor its directory may be one. */
function freePlace(path: string): { readonly root: string; readonly path: string } {
  const absolute = resolve(path)
  const directory = dirname(absolute)
  mkdirSync(directory, { recursive: true })
  for (const part of [directory, absolute]) {
    if (lstatSync(part, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
      throw new PathRefused('leads through a symbolic link')
    }
  }
  return { root: directory, path: basename(absolute) }
}

function writeEntry(place: string, { append, content, mode, user, group }: FileEffect): void {
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_TRUNC, O_WRONLY } = constants
  const way = append ? O_APPEND : O_TRUNC
  const file = openSync(place, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | way, mode & 0o777)
  try {
    if (user !== '' || group !== '') {
      fchownSync(file, idOf(user, 'user'), idOf(group, 'group'))
    }
    fchmodSync(file, mode & 0o777)
    writeFileSync(file, Buffer.from(content, 'latin1'))
  } finally {
    closeSync(file)
  }
}

/** Empty leaves the id as it is. */
function idOf(name: string, kind: 'user' | 'group'): number {
  if (name === '') return -1
  const id = findId(kind, name)
  if (id === undefined) throw new PathRefused(`is to be given to an unknown ${kind}`)
  return id
}
