/** The webhook's list of stores from a file, which people keep as YAML. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { CORE_SCHEMA, load } from 'js-yaml'
import { systemCode } from '../core/errors.ts'
import type { Parsed } from '../core/issue.ts'

/** JSON as `-stores` takes it: `text` itself, or the file of YAML or JSON that it names, from `directory`. Issue code: `flag`. */
export function readStoreListText(text: string, directory = '.'): Parsed<string> {
  const isText = text.trim() === '' || text.trimStart().startsWith('{')
  if (isText) return { kind: 'ok', value: text }
  const content = readText(resolve(directory, text))
  if (content.kind === 'issues') return content
  try {
    return { kind: 'ok', value: JSON.stringify(load(content.value, { schema: CORE_SCHEMA }) ?? {}) }
  } catch {
    return refuse('a file of YAML or JSON')
  }
}

function readText(path: string): Parsed<string> {
  try {
    return { kind: 'ok', value: readFileSync(path, 'utf8') }
  } catch (thrown) {
    return refuse('JSON, or a file that can be read', systemCode(thrown))
  }
}

function refuse(expected: string, hint?: string): Parsed<never> {
  const issue = { code: 'flag', path: '-stores', expected }
  return { kind: 'issues', issues: [hint === undefined ? issue : { ...issue, hint }] }
}
