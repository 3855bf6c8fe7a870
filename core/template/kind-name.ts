/** Names of Go's kinds, as reflect.Kind prints them. */
import { kindOf, typeOf, type Value } from './values.ts'

const names = new Map([
  ['pointer', 'ptr'],
  ['channel', 'chan'],
])

/** Integers under another name. */
const baseTypes = new Map([
  ['time.Duration', 'int64'],
  ['time.Month', 'int'],
  ['time.Weekday', 'int'],
])

/** `int64`, `slice`, `ptr`, `invalid` for nil, … */
export function kindName(value: Value): string {
  const kind = kindOf(value)
  const isNumber = ['int', 'uint', 'float', 'complex'].includes(kind)
  const base = baseTypes.get(typeOf(value)) ?? typeOf(value)
  return isNumber ? base : (names.get(kind) ?? kind)
}
