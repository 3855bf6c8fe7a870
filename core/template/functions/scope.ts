/** Functions that look around: the environment, the time, other templates. Source: consul-template's template/funcs.go. */
import { formatTime } from '../time/format.ts'
import { fromMilliseconds } from '../time/instant.ts'
import { rfc3339 } from '../time/layout.ts'
import {
  anyParameter,
  binary,
  FunctionError,
  type FunctionHost,
  type GoFunction,
  stringParameter,
  unary,
  variadic,
  variadicAfter,
} from './function.ts'

export const scopeFunctions: readonly GoFunction[] = [
  unary('env', stringParameter, (name, { variable }) => variable(name) ?? ''),
  unary('mustEnv', stringParameter, (name, { variable }) => {
    const value = variable(name) ?? ''
    if (value !== '') return value
    throw new FunctionError('required environment variable ', { value: name }, ' is empty')
  }),
  binary('envOrDefault', [stringParameter, stringParameter], (name, fallback, { variable }) => {
    return variable(name) ?? fallback
  }),
  { name: 'scratch', parameters: [], run: (_, { scratch }) => scratch },
  variadic('timestamp', stringParameter, timestamp),
  variadicAfter('executeTemplate', [stringParameter, anyParameter], (name, data, host) => {
    if (data.length <= 1) return host.executeTemplate(name, data[0])
    const given = data.length + 1
    throw new FunctionError(
      `executeTemplate: wrong number of arguments, expected 1 or 2, but got ${given}`,
    )
  }),
]

/** In UTC: seconds since the epoch for `unix`, else after a layout, RFC 3339 unless given. */
function timestamp(layouts: readonly string[], { now }: FunctionHost): string {
  const [layout = rfc3339] = layouts
  if (layouts.length > 1) {
    throw new FunctionError(
      `timestamp: wrong number of arguments, expected 0 or 1, but got ${layouts.length}`,
    )
  }
  return layout === 'unix'
    ? String(Math.floor(now() / 1000))
    : formatTime(fromMilliseconds(now()), layout)
}
