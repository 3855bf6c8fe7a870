/** What the author of a failing template probably meant: names of functions and keys, never a value. */
import { fromByteString, toByteString } from './byte-string.ts'
import type { TemplateError } from './error.ts'
import { functionTable } from './functions/table.ts'
import { findBreak, suggestPath } from './named-member.ts'
import { nearestName } from './nearest-name.ts'
import { readAnswer } from './secret-data.ts'
import type { SecretAnswer } from './secret-request.ts'
import { secretType } from './secret-value.ts'
import { anyMap, entryOf, type Value } from './values.ts'

export interface SuggestionGround {
  /** The template; byte string. */
  readonly text: string
  /** Of the secrets that the template may have read. */
  readonly answers: Iterable<SecretAnswer>
}

/** `did you mean …?` for an error of the go engine; undefined where nothing is near. Handlebars' own errors say it themselves. */
export function suggest(
  { message, line }: Pick<TemplateError, 'message' | 'line'>,
  { text, answers }: SuggestionGround,
): string | undefined {
  const meant =
    suggestFunction(message) ?? suggestIndex(message, text, line) ?? suggestField(message, answers)
  return meant === undefined ? undefined : `did you mean ${meant}?`
}

function suggestFunction(message: string): string | undefined {
  const [, name] = /: function "([^"]+)" not defined$/.exec(message) ?? []
  return name === undefined ? undefined : nearestName(name, functionTable.keys())
}

/** `.Data.my-key` is read as a subtraction that Go does not have. */
function suggestIndex(message: string, text: string, line: number): string | undefined {
  if (!/bad character U\+002[DF]/.test(message)) return undefined
  const written = fromByteString(text).split('\n')[line - 1] ?? ''
  const [, chain, key] = /([$\w.]*)\.(\w+(?:[-/]\w+)+)/.exec(written) ?? []
  return key === undefined ? undefined : `index ${chain || '.'} "${key}"`
}

/** The messages of Go for a chain of fields that leads nowhere. */
const brokenField =
  /at <([^<>]*)>: (?:map has no entry for key|can't evaluate field|nil pointer evaluating|nil data)/

function suggestField(message: string, answers: Iterable<SecretAnswer>): string | undefined {
  const [, context = ''] = brokenField.exec(message) ?? []
  const [, variable = '', fields] = /^(\$\w*)?((?:\.[\p{L}\p{Nd}_]+)+)$/u.exec(context) ?? []
  if (fields === undefined) return undefined
  const parts = fields.slice(1).split('.').map(toByteString)
  for (const answer of answers) {
    for (const [index, root] of rootsOf(answer).entries()) {
      const at = findBreak(root, parts)
      // A secret is no map: where the first name fails in a map, dot was not the secret.
      const isElsewhere = index === 0 && at === 0 && message.includes('map has no entry')
      const path = at === undefined || isElsewhere ? undefined : suggestPath(root, parts, at)
      if (path !== undefined) return `${variable}.${path.map(fromByteString).join('.')}`
    }
  }
  return undefined
}

/** What dot may have been: the secret, its data, its inner data. */
function rootsOf(answer: SecretAnswer): readonly Value[] {
  const members = readAnswer(answer) ?? anyMap(new Map())
  const fields = Array.from(secretType.fields.keys(), (name) => [name, undefined] as const)
  const inner = entryOf(members, 'data')
  return [anyMap(new Map<string, Value>([...fields, ['Data', members]])), members, inner]
}
