/** TOML out. Source: consul-template's template/funcs.go. */
import { toToml } from '../toml.ts'
import { trimSpace } from '../trim.ts'
import { anyParameter, FunctionError, type GoFunction, prefixing, unary } from './function.ts'

export const tomlFunctions: readonly GoFunction[] = [
  unary('toTOML', anyParameter, (value) => {
    // Go panics, so the function does not name itself once more.
    if (value === undefined) {
      throw new FunctionError('reflect: call of reflect.Value.Type on zero Value')
    }
    return prefixing(['toTOML: '], () => trimSpace(toToml(value)))
  }),
]
