/** Configuration files of the agent in a folder that goes away again. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { loadConfig } from '../../agent/config/load-config.ts'
import type { LoadedConfig } from '../../agent/config/read-config.ts'
import type { AgentFlags } from '../../agent/flags.ts'
import type { Parsed } from '../../core/issue.ts'

/** Path in the folder → text. */
type Files = Readonly<Record<string, string>>

export interface ConfigFolder {
  /** Writes the files and loads those that `flags.config` names in the folder, or all in their order. */
  readonly load: (
    files: Files,
    flags?: AgentFlags,
    environment?: Readonly<Record<string, string>>,
  ) => Promise<Parsed<LoadedConfig>>
  readonly path: string
  readonly remove: () => void
}

export function configFolder(): ConfigFolder {
  const path = mkdtempSync(join(tmpdir(), 'claviger-config-'))
  const write = (files: Files) => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(path, name)), { recursive: true })
      writeFileSync(join(path, name), text)
    }
  }
  return {
    load: (files, flags = {}, environment = {}) => {
      write(files)
      const config = (flags.config ?? Object.keys(files)).map((name) => join(path, name))
      return loadConfig({ ...flags, config }, environment)
    },
    path,
    remove: () => rmSync(path, { recursive: true }),
  }
}
