/** Functions that look around: the environment and other templates. Source: consul-template's template/funcs.go. */
import {
  anyParameter,
  binary,
  FunctionError,
  type GoFunction,
  stringParameter,
  unary,
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
  variadicAfter('executeTemplate', [stringParameter, anyParameter], (name, data, host) => {
    if (data.length <= 1) return host.executeTemplate(name, data[0])
    const given = data.length + 1
    throw new FunctionError(
      `executeTemplate: wrong number of arguments, expected 1 or 2, but got ${given}`,
    )
  }),
]
