/** sprig's defaults, conditions, JSON and questions about types. Source: sprig's defaults.go and reflect.go. */
import { deepEqual } from '../deep-equal.ts'
import { type JsonStyle, toGoJson } from '../go-json.ts'
import { kindName } from '../kind-name.ts'
import { box, isTrue, typeOf } from '../values.ts'
import {
  anyParameter,
  binary,
  boolParameter,
  FunctionError,
  type GoFunction,
  orElse,
  stringParameter,
  ternary,
  unary,
  variadic,
  variadicAfter,
} from './function.ts'
import { readJson } from './json.ts'

const twoValues = [anyParameter, anyParameter] as const
const textAndValue = [stringParameter, anyParameter] as const

export const sprigDefaultsFunctions: readonly GoFunction[] = [
  variadicAfter('sprig_default', twoValues, (fallback, [given]) =>
    box(isTrue(given) ? given : fallback),
  ),
  unary('sprig_empty', anyParameter, (value) => !isTrue(value)),
  variadic('sprig_coalesce', anyParameter, (values) => box(values.find(isTrue))),
  variadic('sprig_all', anyParameter, (values) => values.every(isTrue)),
  variadic('sprig_any', anyParameter, (values) => values.some(isTrue)),
  ternary('sprig_ternary', [anyParameter, anyParameter, boolParameter], (yes, no, isYes) =>
    box(isYes ? yes : no),
  ),
  unary('sprig_fail', stringParameter, (message) => {
    throw new FunctionError({ value: message })
  }),
  ...jsonWriters(['sprig_toJson', 'sprig_mustToJson'], { escapesHtml: true }),
  ...jsonWriters(['sprig_toPrettyJson', 'sprig_mustToPrettyJson'], {
    escapesHtml: true,
    indent: '  ',
  }),
  ...['sprig_toRawJson', 'sprig_mustToRawJson'].map((name) =>
    unary(name, anyParameter, (value) => toGoJson(value, { escapesHtml: false })),
  ),
  unary('sprig_fromJson', stringParameter, (text) => box(orElse(undefined, () => readJson(text)))),
  unary('sprig_mustFromJson', stringParameter, (text) => box(readJson(text))),
  unary('sprig_typeOf', anyParameter, typeOf),
  unary('sprig_kindOf', anyParameter, kindName),
  binary('sprig_typeIs', textAndValue, (type, value) => type === typeOf(value)),
  binary('sprig_typeIsLike', textAndValue, (type, value) =>
    [type, `*${type}`].includes(typeOf(value)),
  ),
  binary('sprig_kindIs', textAndValue, (kind, value) => kind === kindName(value)),
  binary('sprig_deepEqual', twoValues, deepEqual),
]

/** One that is empty for what has no JSON form, and one that fails. */
function jsonWriters(
  [name, strictName]: readonly [string, string],
  style: JsonStyle,
): readonly GoFunction[] {
  return [
    unary(name, anyParameter, (value) => orElse('', () => toGoJson(value, style))),
    unary(strictName, anyParameter, (value) => toGoJson(value, style)),
  ]
}
