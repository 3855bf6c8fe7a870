/** What the writer is killed at: files before and after, and the write that leads from one to the other. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { writeFileIfChanged } from '../../../../core/atomic-write.ts'
import { writeGeneration } from '../../../../core/files/write-generation.ts'

export interface Scenario {
  /** Name → text; names are paths below the scenario's folder. */
  readonly before: Readonly<Record<string, string>>
  readonly after: Readonly<Record<string, string>>
  /** Whether a reader may see the one file as it was and the other as it is. */
  readonly isMixable: boolean
  /** All that lies in the folder in the end, besides what `after` names; generations as `..generation`. */
  readonly others: readonly string[]
  /** Makes `before`. */
  readonly prepare: (folder: string) => void
  readonly write: (folder: string) => void
}

const options = { mode: 0o640, createDirectories: true }
const text = (length: number, character: string) => character.repeat(length)
/** More than one page, so that half of it would be noticed. */
const [old, next] = [text(9000, 'o'), text(10_000, 'n')]

export const scenarios: Readonly<Record<string, Scenario>> = {
  'a new file in a new directory': {
    before: {},
    after: { 'deep/er/file': next },
    isMixable: false,
    others: [],
    prepare: () => undefined,
    write: (folder) => {
      writeFileIfChanged(join(folder, 'deep/er/file'), Buffer.from(next), options)
    },
  },
  'a file in place of another, with a backup': {
    before: { file: old },
    after: { file: next },
    isMixable: false,
    others: ['file.bak'],
    prepare: (folder) => {
      writePlain(folder, { file: old, 'file.bak': 'older' })
    },
    write: (folder) => {
      const given = { ...options, user: '1234', group: '4321', backup: true }
      writeFileIfChanged(join(folder, 'file'), Buffer.from(next), given)
    },
  },
  'two files that belong together': {
    before: { one: old, two: old },
    after: { one: next, two: next },
    isMixable: true,
    others: [],
    prepare: (folder) => writePlain(folder, { one: old, two: old }),
    write: (folder) => {
      writeGeneration(together(folder, { one: next, two: next }), { generations: [], kept: [] })
    },
  },
  'a generation': {
    before: { one: old, 'sub/two': old },
    after: { one: next, 'sub/two': next },
    isMixable: false,
    others: ['..data', '..generation'],
    prepare: (folder) => writeOneGeneration(folder, { one: old, 'sub/two': old }),
    write: (folder) => writeOneGeneration(folder, { one: next, 'sub/two': next }),
  },
}

function writeOneGeneration(folder: string, files: Readonly<Record<string, string>>): void {
  writeGeneration(together(folder, files), { generations: [folder], kept: [] })
}

function together(folder: string, files: Readonly<Record<string, string>>) {
  return Object.entries(files).map(([name, content]) => ({
    path: join(folder, name),
    bytes: Buffer.from(content),
    options,
  }))
}

function writePlain(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
}
