/** Files that belong together: a reader sees all of the old ones or all of the new ones, as far as a file system allows. */
import { relative, resolve } from 'node:path'
import { type FileContent, type PreparedWrite, prepareWrite } from './prepared-write.ts'
import { switchGeneration } from './switch-generation.ts'

export interface GenerationOptions {
  /** Directories whose files change through one link, all at the same moment (`switchGeneration`). */
  readonly generations: readonly string[]
  /** Destinations that keep what they hold without being among the files; others in such a directory vanish with its old generation. */
  readonly kept: readonly string[]
}

/**
 * The paths of those whose bytes changed. Outside of `generations` each of the files is whole on the disk before the first
 * takes its name, so that no failure but that of a rename comes between them. Errors: `write_failed`.
 */
export function writeGeneration(
  files: readonly FileContent[],
  { generations, kept }: GenerationOptions,
): readonly string[] {
  const directories = [...new Set(generations.map((directory) => resolve(directory)))]
  const wanted = lastOfEach(files)
  const others = wanted.filter(({ path }) => !directories.some((each) => isBelow(each, path)))
  const switched = directories.flatMap((directory) => {
    const isMember = (path: string) => isBelow(directory, path)
    const members = wanted.filter(({ path }) => isMember(path))
    if (members.length === 0) return []
    return switchGeneration({ directory, files: members, kept: kept.filter(isMember) })
  })
  return [...writeTogether(others), ...switched]
}

/** Of several contents for one path the last counts. */
function lastOfEach(files: readonly FileContent[]): readonly FileContent[] {
  return [...new Map(files.map((file) => [resolve(file.path), file])).values()]
}

function isBelow(directory: string, path: string): boolean {
  const way = relative(directory, resolve(path))
  return way !== '' && way !== '..' && !way.startsWith('../')
}

function writeTogether(files: readonly FileContent[]): readonly string[] {
  const pending = new Map<string, PreparedWrite>()
  try {
    for (const file of files) {
      const prepared = prepareWrite(file)
      if (prepared !== undefined) pending.set(file.path, prepared)
    }
    const changed = [...pending.keys()]
    for (const [path, prepared] of pending) {
      pending.delete(path)
      prepared.commit()
    }
    return changed
  } finally {
    for (const prepared of pending.values()) prepared.discard()
  }
}
