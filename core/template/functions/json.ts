/** JSON out and in. Source: consul-template's template/funcs.go. */
import { JsonNumber, JsonSyntaxError, type JsonValue, parseJson } from '../../json.ts'
import { fromByteString, toByteString } from '../byte-string.ts'
import { type JsonStyle, toGoJson } from '../go-json.ts'
import { describeJsonError } from '../go-json-error.ts'
import { anyMap, box, type ConcreteValue, float, grownList, type Value } from '../values.ts'
import {
  anyParameter,
  FunctionError,
  type GoFunction,
  prefixing,
  stringParameter,
  unary,
} from './function.ts'

const pretty = { indent: '  ' }

export const jsonFunctions: readonly GoFunction[] = [
  jsonWriter('toJSON', { escapesHtml: true }),
  jsonWriter('toJSONPretty', { escapesHtml: true, ...pretty }),
  jsonWriter('toUnescapedJSON', { escapesHtml: false }),
  jsonWriter('toUnescapedJSONPretty', { escapesHtml: false, ...pretty }),
  unary('parseJSON', stringParameter, (text) =>
    box(text === '' ? anyMap(new Map()) : readJson(text)),
  ),
]

function jsonWriter(name: string, style: JsonStyle): GoFunction {
  return unary(name, anyParameter, (value) =>
    prefixing([`${name}: `], () => toGoJson(value, style)),
  )
}

/** Numbers become floats. Throws `FunctionError`. */
export function readJson(text: string): Value {
  try {
    return fromParsed(parseJson(fromByteString(text)))
  } catch (thrown) {
    if (!(thrown instanceof JsonSyntaxError)) throw thrown
    throw new FunctionError(...describeJsonError(text))
  }
}

/** Unlike a store's numbers these become floats. */
function fromParsed(value: JsonValue): ConcreteValue | undefined {
  if (value === null) return undefined
  if (typeof value === 'boolean') return value
  if (typeof value === 'string') return toByteString(value)
  if (value instanceof JsonNumber) return fromNumber(value.text)
  if (value instanceof Map) {
    return anyMap(
      new Map(
        Array.from(value, ([key, member]) => [toByteString(key), fromParsed(member)] as const),
      ),
    )
  }
  return grownList(Array.from(value, fromParsed))
}

function fromNumber(text: string): ConcreteValue {
  const value = Number(text)
  if (Number.isFinite(value)) return float(value)
  throw new FunctionError(
    'json: cannot unmarshal number ',
    { value: text },
    ' into Go value of type float64',
  )
}
