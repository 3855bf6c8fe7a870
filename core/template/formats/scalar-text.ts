/** One value as the text that formats of lines write: a string as it is, everything else as JSON. */
import { toGoJson } from '../go-json.ts'
import { unbox, type Value } from '../values.ts'

/** Byte string. Null is the empty text, numbers keep their digits, lists and maps become compact JSON. Throws `FunctionError`. */
export function scalarText(given: Value): string {
  const value = unbox(given)
  if (value === undefined) return ''
  return typeof value === 'string' ? value : toGoJson(value, { escapesHtml: false })
}
