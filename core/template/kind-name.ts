/** Names of Go's kinds, as reflect.Kind prints them. */
import { kindOf, typeOf, type Value } from './values.ts'

const names = new Map([
  ['pointer', 'ptr'],
  ['channel', 'chan'],
])

/** `int64`, `slice`, `ptr`, `invalid` for nil, … */
export function kindName(value: Value): string {
  const kind = kindOf(value)
  const isNumber = ['int', 'uint', 'float', 'complex'].includes(kind)
  return isNumber ? typeOf(value) : (names.get(kind) ?? kind)
}
