/** What a writer that was killed left behind. */
import { statSync } from 'node:fs'
import { type HeldDirectory, openDirectory } from './directory.ts'
import { isTemporary, removeEntry } from './staged-file.ts'

const sweptDirectories = new Set<string>()

/** As `openDirectory`; the first time in the life of the process that the directory is opened, strays in it are removed. */
export function openForWriting(path: string, createDirectories: boolean): HeldDirectory {
  const directory = openDirectory(path, createDirectories)
  const { dev, ino, birthtimeMs } = statSync(directory.at('.'))
  const identity = `${dev}:${ino}:${birthtimeMs}`
  if (!sweptDirectories.has(identity)) {
    sweptDirectories.add(identity)
    for (const name of listOrNone(directory)) if (isTemporary(name)) removeEntry(directory, name)
  }
  return directory
}

/** A directory that cannot be listed may still be written in. */
function listOrNone(directory: HeldDirectory): readonly string[] {
  try {
    return directory.list()
  } catch {
    return []
  }
}
