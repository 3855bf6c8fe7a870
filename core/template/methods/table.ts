/** Methods that templates may call on values, by the type that has them. */
import type { GoFunction } from '../functions/function.ts'
import { scratchMethod } from '../scratch.ts'
import { durationType } from '../time/duration.ts'
import { type ConcreteValue, type GoType, typeOf, type Value } from '../values.ts'
import { jsonNumberMethods } from './json-number.ts'
import { bind, getter, type Method } from './method.ts'
import { durationMethods, namedIntegerMethods } from './named-integers.ts'
import { locationMethods, timeMethods } from './time.ts'
import { versionMethods } from './version.ts'

/** A wrapper that lets `.Data.Cert` be written as for other secrets. Source: consul-template's vault_pki.go. */
const pemMethods: readonly Method[] = [
  getter('Data', (receiver: ConcreteValue) => receiver),
  { name: 'CaChainContains', parameters: ['string'], run: hasAuthority },
]

function hasAuthority(receiver: ConcreteValue, [pem]: readonly Value[]): boolean {
  const isStruct = typeof receiver === 'object' && receiver.kind === 'struct'
  const chain = isStruct ? receiver.fields.get('CAChain') : undefined
  return typeof chain === 'object' && chain.kind === 'slice' && chain.items.includes(pem)
}

const methodsByType: ReadonlyMap<GoType, readonly Method[]> = new Map([
  ['json.Number', jsonNumberMethods],
  ['time.Time', timeMethods],
  ['time.Location', locationMethods],
  [durationType, durationMethods],
  ['time.Month', namedIntegerMethods],
  ['time.Weekday', namedIntegerMethods],
  ['semver.Version', versionMethods],
  ['dependency.PemEncoded', pemMethods],
])

/** The value's method as a function that has its receiver already; `byPointer` where the value was reached through one. */
export function methodOf(value: Value, name: string, byPointer: boolean): GoFunction | undefined {
  if (typeof value !== 'object' || value.kind === 'interface') return undefined
  if (value.kind === 'struct') {
    const own = scratchMethod(value, name)
    if (own !== undefined) return own
  }
  const method = methodsByType.get(typeOf(value))?.find((given) => given.name === name)
  if (method === undefined || (method.pointerOnly === true && !byPointer)) return undefined
  return bind(method, value)
}
