/** YAML out and in. Source: consul-template's template/funcs.go over yaml.v2. */
import { trimSpace } from '../trim.ts'
import { anyMap, box } from '../values.ts'
import { toYaml } from '../yaml/emitter.ts'
import { parseYaml } from '../yaml/reader.ts'
import { anyParameter, type GoFunction, stringParameter, unary } from './function.ts'

export const yamlFunctions: readonly GoFunction[] = [
  unary('toYAML', anyParameter, (value) => trimSpace(toYaml(value))),
  unary('parseYAML', stringParameter, (text) =>
    box(text === '' ? anyMap(new Map()) : parseYaml(text)),
  ),
]
