/** The JSON form of a configuration. */
import type { Parsed } from '../../core/issue.ts'
import { type JsonObject, JsonSyntaxError, type JsonValue, parseJson } from '../../core/json.ts'
import { placeIssue } from './text-place.ts'

/** A comma before a closing bracket, which Vault Agent's reader of JSON takes; strings are stepped over. */
const looseComma = /"(?:[^"\\]|\\.)*"|,(?=\s*[}\]])/g

/** `file` is what messages call the text. Issue codes: `config`. */
export function readJsonText(text: string, file: string): Parsed<JsonObject> {
  const strict = text.replace(looseComma, (found) => (found === ',' ? ' ' : found))
  try {
    const root: JsonValue = parseJson(strict)
    if (root instanceof Map) return { kind: 'ok', value: root }
    return problem(text, { offset: 0, file })
  } catch (thrown) {
    if (!(thrown instanceof JsonSyntaxError)) throw thrown
    return problem(text, { offset: thrown.offset, file })
  }
}

function problem(
  text: string,
  { offset, file }: { readonly offset: number; readonly file: string },
): Parsed<JsonObject> {
  const { line, column, path } = placeIssue(text, offset, file)
  const at = { line, column }
  const hint = 'what starts with { is read as JSON'
  return { kind: 'issues', issues: [{ code: 'config', path, expected: 'JSON', hint, at }] }
}
