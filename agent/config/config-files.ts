/** The configuration files that a command line names. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { systemCode } from '../../core/errors.ts'
import type { Issue, Parsed } from '../../core/issue.ts'

export interface ConfigFile {
  readonly path: string
  readonly text: string
}

/**
 * The texts of all files, those of a directory in the order of their names: `*.hcl` and `*.json`, without an editor's leftovers and
 * without subdirectories. Issue codes: `config`, one for each path that cannot be read.
 */
export function readConfigFiles(paths: readonly string[]): Parsed<readonly ConfigFile[]> {
  const issues: Issue[] = []
  const attempt = <T>(path: string, read: () => T): T | undefined => {
    try {
      return read()
    } catch (thrown) {
      const expected = 'a file or directory that can be read'
      const hint = thrown instanceof TypeError ? 'it is not UTF-8' : systemCode(thrown)
      issues.push({ code: 'config', path, expected, ...(hint === undefined ? {} : { hint }) })
      return undefined
    }
  }
  const files = paths
    .flatMap((path) => attempt(path, () => listFiles(path)) ?? [])
    .flatMap((path) => {
      const text = attempt(path, () => decode(readFileSync(path)))
      return text === undefined ? [] : [{ path, text }]
    })
  return issues.length === 0 ? { kind: 'ok', value: files } : { kind: 'issues', issues }
}

/** A file is its own list. System errors as they are. */
export function listFiles(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path]
  const names = readdirSync(path, { withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && isConfigName(entry.name))
    .map(({ name }) => name)
  return names.sort().map((name) => join(path, name))
}

function isConfigName(name: string): boolean {
  const isLeftover = name.endsWith('~') || name.startsWith('.#') || /^#.*#$/.test(name)
  return /\.(?:hcl|json)$/.test(name) && !isLeftover
}

/** Without a byte order mark. Throws a TypeError for what is not UTF-8. */
function decode(bytes: Buffer): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
}
