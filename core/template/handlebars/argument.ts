/** Values as the arguments of functions that were written for the go engine. */

import { FunctionError } from '../functions/function.ts'
import { parseGoInt } from '../strconv.ts'
import { anyType, type GoType, stringList, textOf, typeOf, type Value } from '../values.ts'

/** `value` where it fits `type`; numbers of a store for `int`, lists of texts for `[]string`. Throws `FunctionError`. */
export function toArgument(value: Value, type: GoType): Value {
  if (type === anyType || (value !== undefined && typeOf(value) === type)) return value
  const text = textOf(value)
  if (type === 'string' && text !== undefined) return text
  if (type === 'int' && text !== undefined) {
    const parsed = parseGoInt(text, 10)
    if (parsed.kind === 'ok') return { kind: 'int', type: 'int', value: parsed.value }
  }
  if (type === '[]string' && typeof value === 'object' && value.kind === 'slice') {
    const texts = value.items.map((item) => textOf(item))
    if (texts.every((item) => item !== undefined)) return stringList(texts)
  }
  const given = value === undefined ? 'null' : typeOf(value)
  throw new FunctionError(`expected an argument of type ${type}, got ${given}`)
}
