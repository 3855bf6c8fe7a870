/** Whether the copy of a corpus is the one that its manifest describes. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** Path → SHA-256 of every file under `folder` that is not of our `own`. */
export function digestCorpus(
  folder: string,
  own: ReadonlySet<string>,
): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !own.has(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
  const digests = files.map((file) => [
    relative(folder, file),
    createHash('sha256').update(readFileSync(file)).digest('hex'),
  ])
  return Object.fromEntries(digests)
}
