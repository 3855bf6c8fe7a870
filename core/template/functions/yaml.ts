/** YAML out and in. Source: consul-template's template/funcs.go over yaml.v2. */
import { trimSpace } from '../trim.ts'
import { toYaml } from '../yaml/emitter.ts'
import { anyParameter, type GoFunction, unary } from './function.ts'

export const yamlFunctions: readonly GoFunction[] = [
  unary('toYAML', anyParameter, (value) => trimSpace(toYaml(value))),
]
