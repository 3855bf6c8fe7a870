/** Functions over what Consul and Nomad list. Nothing lists anything here, so only nil can be given. Source: consul-template's template/funcs.go. */
import { type GoType, typeOf, type Value } from '../values.ts'
import { anyParameter, FunctionError, type GoFunction, unary } from './function.ts'

const pairs: GoType = '[]*dependency.KeyPair'

export const catalogFunctions: readonly GoFunction[] = [
  { name: 'explode', parameters: [pairs], run: () => emptyMap('map[string]interface {}') },
  {
    name: 'byKey',
    parameters: [pairs],
    run: () => emptyMap('map[string]map[string]*dependency.KeyPair'),
  },
  {
    name: 'byMeta',
    parameters: ['string', '[]*dependency.HealthService'],
    run: () => emptyMap('map[string][]*dependency.HealthService'),
  },
  grouping('byTag', 'map[string][]interface {}'),
  grouping('byPort', 'map[int][]interface {}'),
]

function grouping(name: string, type: GoType): GoFunction {
  return unary(name, anyParameter, (given) => {
    if (given === undefined) return emptyMap(type)
    throw new FunctionError(`${name}: wrong argument type ${typeOf(given)}`)
  })
}

function emptyMap(type: GoType): Value {
  return { kind: 'map', type, entries: new Map() }
}
