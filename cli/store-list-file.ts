/** The webhook's list of stores from a file, which people keep as YAML. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { CORE_SCHEMA, load, YAMLException } from 'js-yaml'
import { systemCode } from '../core/errors.ts'
import type { Parsed } from '../core/issue.ts'

/** JSON as `-stores` takes it: `text` itself, or the file of YAML or JSON that it names, from `directory`. Issue code: `flag`. */
export function readStoreListText(text: string, directory = '.'): Parsed<string> {
  const isText = text.trim() === '' || text.trimStart().startsWith('{')
  if (isText) return { kind: 'ok', value: text }
  const content = readText(resolve(directory, text), nameFile(text))
  if (content.kind === 'issues') return content
  try {
    return { kind: 'ok', value: JSON.stringify(load(content.value, { schema: CORE_SCHEMA }) ?? {}) }
  } catch (thrown) {
    // What the parser says besides quotes the file.
    const mark = thrown instanceof YAMLException ? thrown.mark : undefined
    const line = mark === undefined ? '' : `:${mark.line + 1}`
    return refuse('a file of YAML or JSON', `${nameFile(text)}${line}`)
  }
}

function readText(path: string, name: string): Parsed<string> {
  try {
    return { kind: 'ok', value: readFileSync(path, 'utf8') }
  } catch (thrown) {
    return refuse('JSON, or a file that can be read', `${name}: ${systemCode(thrown)}`)
  }
}

/** What is no name of a file may be a list, and hold what is not to be repeated. */
function nameFile(path: string): string {
  return /^[\w./~ -]{1,200}$/.test(path) ? path : 'the file'
}

function refuse(expected: string, hint: string): Parsed<never> {
  return { kind: 'issues', issues: [{ code: 'flag', path: '-stores', expected, hint }] }
}
