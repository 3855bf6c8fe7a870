/** Methods of json.Number. Source: Go's encoding/json. */
import { convert, parseGoFloat, parseGoInt } from '../strconv.ts'
import { type ConcreteValue, float, textOf } from '../values.ts'
import { getter, type Method } from './method.ts'

const text = (number: ConcreteValue) => textOf(number) ?? ''

export const jsonNumberMethods: readonly Method[] = [
  getter('String', text),
  getter('Int64', (number) => {
    const value = convert('ParseInt', text(number), parseGoInt(text(number), 10))
    return { kind: 'int', type: 'int64', value }
  }),
  getter('Float64', (number) =>
    float(convert('ParseFloat', text(number), parseGoFloat(text(number)))),
  ),
]
