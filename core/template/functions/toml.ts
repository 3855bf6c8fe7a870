/** TOML out. Source: consul-template's template/funcs.go. */
import { toToml } from '../toml.ts'
import { trimSpace } from '../trim.ts'
import { anyParameter, FunctionError, type GoFunction, unary } from './function.ts'

export const tomlFunctions: readonly GoFunction[] = [
  unary('toTOML', anyParameter, (value) => {
    try {
      return trimSpace(toToml(value))
    } catch (thrown) {
      if (!(thrown instanceof FunctionError)) throw thrown
      throw new FunctionError('toTOML: ', ...thrown.parts)
    }
  }),
]
