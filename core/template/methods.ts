/** Methods that templates may call on values: those of json.Number and of the scratch. Source: Go's encoding/json. */
import { FunctionError, type GoFunction } from './functions/function.ts'
import { quote } from './quote.ts'
import { scratchMethod } from './scratch.ts'
import { type Conversion, parseGoFloat, parseGoInt } from './strconv.ts'
import { float, type GoNamedString, type Value } from './values.ts'

/** The value's method as a function that has its receiver already. */
export function methodOf(value: Value, name: string): GoFunction | undefined {
  if (typeof value !== 'object') return undefined
  if (value.kind === 'struct') return scratchMethod(value, name)
  if (value.kind !== 'named-string') return undefined
  const run = numberMethods.get(name)
  return run && { name, parameters: [], run: () => run(value) }
}

const numberMethods = new Map<string, (number: GoNamedString) => Value>([
  ['String', ({ text }) => text],
  [
    'Int64',
    ({ text }) => {
      const value = convert('ParseInt', text, parseGoInt(text, 10))
      return { kind: 'int', type: 'int64', value }
    },
  ],
  ['Float64', ({ text }) => float(convert('ParseFloat', text, parseGoFloat(text)))],
])

/** The converted value, or the failure as Go words it: `strconv.ParseInt: parsing "x": invalid syntax`. */
export function convert<T>(name: string, text: string, result: Conversion<T>): T {
  if (result.kind === 'ok') return result.value
  throw new FunctionError(`strconv.${name}: parsing `, { value: quote(text) }, `: ${result.reason}`)
}
