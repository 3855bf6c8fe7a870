/** How files are told from what they were. Source: docs/waiter.md, `watch`. */
import { statSync } from 'node:fs'

/** Of a path where nothing is, or nothing that may be looked at. */
export const noFile = '0:0'

/** Inode and time of change in nanoseconds; links are followed. */
export function markFile(path: string): string {
  try {
    const { ino, ctimeNs } = statSync(path, { bigint: true })
    return `${ino}:${ctimeNs}`
  } catch {
    return noFile
  }
}

export function markFiles(paths: Iterable<string>): ReadonlyMap<string, string> {
  return new Map(Array.from(paths, (path) => [path, markFile(path)] as const))
}

/** Those that are other files by now. */
export function changedFiles(marks: ReadonlyMap<string, string>): readonly string[] {
  return [...marks].filter(([path, mark]) => markFile(path) !== mark).map(([path]) => path)
}
