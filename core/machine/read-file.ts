/** The file that a template reads with `file`, within what the policy allows. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import type { LocalAnswer } from '../template/local-request.ts'
import type { PathPolicy } from '../template/policy.ts'
import { isMissing, locate, outside, PathRefused, systemCode, walkBelow } from './confined-path.ts'

/** More is no template's input. */
const mostBytes = 16 * 1024 * 1024

export function readLocalFile(path: string, policy: PathPolicy): LocalAnswer {
  try {
    return { kind: 'text', text: read(path, policy).toString('latin1') }
  } catch (thrown) {
    return { kind: 'failed', reason: reasonOf(thrown) }
  }
}

function read(path: string, policy: PathPolicy): Buffer {
  if (policy.kind === 'denied') throw new PathRefused('may not be read')
  if (policy.kind === 'anywhere') return readOnce(path)
  const place = locate(path, policy.roots)
  if (place === undefined) throw new PathRefused(outside)
  return walkBelow({ ...place, createDirectories: false }, ({ file }) => {
    if (file === undefined || !fstatSync(file).isFile()) throw new PathRefused(notRegular)
    // The very file that was checked: the name is that of its descriptor.
    return readOnce(`/proc/self/fd/${file}`)
  })
}

const notRegular = 'is not a regular file'

/** Opened once; what is looked at is what is read. */
function readOnce(path: string): Buffer {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const status = fstatSync(file)
    if (status.isDirectory()) throw new PathRefused('is a directory')
    if (!status.isFile()) throw new PathRefused(notRegular)
    if (status.size > mostBytes) throw new PathRefused(`is larger than ${mostBytes} bytes`)
    return readFileSync(file)
  } finally {
    closeSync(file)
  }
}

const reasons = new Map<unknown, string>([
  ['EACCES', 'permission denied'],
  ['ENOTDIR', 'is not a directory'],
  ['EISDIR', 'is a directory'],
])

/** Fixed words for what went wrong; system errors name paths that may be secret. */
export function reasonOf(thrown: unknown): string {
  if (thrown instanceof PathRefused) return thrown.message
  if (isMissing(thrown)) return 'no such file or directory'
  return reasons.get(systemCode(thrown)) ?? 'input/output error'
}
