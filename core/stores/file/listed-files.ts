/** The names of all secrets below a directory. */
import { type Dirent, readdirSync, realpathSync, type Stats, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { systemCode } from '../../errors.ts'
import { isTemporary } from '../../files/staged-file.ts'
import type { ListEntry } from '../store.ts'

/** Deeper is no secret: a link may lead to a directory above itself. */
const mostDeep = 16

/**
 * In no order that can be relied on. What begins with `..` is left out, for there the kubelet keeps its generations, and so are
 * links that lead out of the directory. Errors: system errors of `root` as they are.
 */
export function* listBelow(root: string): Generator<ListEntry> {
  const top = realpathSync(root)
  yield* listDirectory(top, { top, prefix: '', depth: 0 })
}

interface Level {
  readonly top: string
  /** What names in it begin with. */
  readonly prefix: string
  readonly depth: number
}

function* listDirectory(directory: string, { top, prefix, depth }: Level): Generator<ListEntry> {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (entry.name.startsWith('..') || isTemporary(entry.name)) continue
    const place = join(directory, entry.name)
    const status = look(place, entry, top)
    const path = `${prefix}${entry.name}`
    if (status?.isFile() === true) yield { path, changedAt: Math.round(status.mtimeMs) }
    if (status?.isDirectory() === true && depth < mostDeep) {
      yield* listDirectory(place, { top, prefix: `${path}/`, depth: depth + 1 })
    }
  }
}

/** Undefined for what is gone by now, and for a link that leads out. */
function look(place: string, entry: Dirent, top: string): Stats | undefined {
  try {
    if (entry.isSymbolicLink() && !realpathSync(place).startsWith(top + sep)) return undefined
    return statSync(place)
  } catch (thrown) {
    if (passing.has(systemCode(thrown))) return undefined
    throw thrown
  }
}

const passing = new Set<string | undefined>(['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES'])
