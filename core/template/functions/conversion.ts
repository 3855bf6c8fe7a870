/** Numbers and booleans from text, and numbers to range over. Source: consul-template's template/funcs.go. */

import { convert, parseGoBool, parseGoFloat, parseGoInt, parseGoUint } from '../strconv.ts'
import { float, textOf, typeOf, type Value } from '../values.ts'
import {
  anyParameter,
  FunctionError,
  type GoFunction,
  prefixing,
  stringParameter,
  unary,
  variadic,
} from './function.ts'

export const conversionFunctions: readonly GoFunction[] = [
  parser('parseBool', (text) => text !== '' && convert('ParseBool', text, parseGoBool(text))),
  parser('parseFloat', (text) => float(convertOrZero(text, 0, readFloat))),
  parser('parseInt', (text) => integer('int', 'int64', convertOrZero(text, 0n, readInt))),
  parser('parseUint', (text) => integer('uint', 'uint64', convertOrZero(text, 0n, readUint))),
  variadic('loop', anyParameter, loop),
]

/** A function whose failures name it once more, as consul-template's do. */
function parser(name: string, run: (text: string) => Value): GoFunction {
  return unary(name, stringParameter, (text) => prefixing([`${name}: `], () => run(text)))
}

function convertOrZero<T>(text: string, zero: T, read: (text: string) => T): T {
  return text === '' ? zero : read(text)
}

const readFloat = (text: string) => convert('ParseFloat', text, parseGoFloat(text))
const readInt = (text: string) => convert('ParseInt', text, parseGoInt(text, 10))
const readUint = (text: string) => convert('ParseUint', text, parseGoUint(text, 10))

function integer(kind: 'int' | 'uint', type: string, value: bigint): Value {
  return { kind, type, value }
}

/** `loop 3` counts 0 1 2, `loop 5 8` counts 5 6 7. */
function loop(bounds: readonly Value[]): Value {
  const [first, second] = bounds.map(toBound)
  if (first === undefined || bounds.length > 2) {
    throw new FunctionError(
      `loop: wrong number of arguments, expected 1 or 2, but got ${bounds.length}`,
    )
  }
  const [from, to] = second === undefined ? [0n, first] : [first, second]
  return { kind: 'channel', type: '<-chan int64', from, to }
}

function toBound(value: Value): bigint {
  const text = textOf(value)
  if (text !== undefined) return prefixing(['parseInt: '], () => convertOrZero(text, 0n, readInt))
  if (typeof value === 'object' && (value.kind === 'int' || value.kind === 'uint')) {
    return value.value
  }
  throw new FunctionError(`loop: bad argument type: ${typeOf(value)}`)
}
