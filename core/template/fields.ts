/** Looks a name up in a value: method, struct field or map key. Source: Go's text/template/exec.go, evalField. */
import type { Frame } from './frame.ts'
import type { GoFunction } from './functions/function.ts'
import { methodOf } from './methods/table.ts'
import {
  elementOf,
  elementType,
  entryOf,
  type GoMap,
  hasEntry,
  indirect,
  originOf,
  typeOf,
  unbox,
  type Value,
  zeroOf,
} from './values.ts'

export interface FieldQuery {
  readonly receiver: Value
  readonly name: string
  /** Only methods may be given arguments. */
  readonly hasArguments: boolean
}

export type Field =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'method'; readonly method: GoFunction }

export function evaluateField(frame: Frame, query: FieldQuery): Field {
  const { receiver, name, hasArguments } = query
  if (receiver === undefined) return { kind: 'value', value: missingFromNil(frame, name) }
  const origin = originOf(receiver)
  if (origin?.structType.fields.has(name) === true) {
    return evaluateField(frame, { ...query, receiver: origin })
  }
  const { value, isNil } = indirect(receiver)
  const type = typeOf(receiver)
  if (isNil) return failOnNil(frame, value, name)
  const concrete = unbox(receiver)
  const byPointer = typeof concrete === 'object' && concrete.kind === 'pointer'
  const method = methodOf(value, name, byPointer)
  if (method !== undefined) return { kind: 'method', method }
  if (typeof value === 'object' && value.kind === 'struct' && value.fields.has(name)) {
    if (!/^[A-Z]/.test(name)) {
      frame.fail(`${name} is an unexported field of struct type ${type}`)
    }
    if (hasArguments) frame.fail(`${name} has arguments but cannot be invoked as function`)
    return { kind: 'value', value: value.fields.get(name) }
  }
  if (typeof value === 'object' && value.kind === 'map') {
    if (hasArguments) frame.fail(`${name} is not a method but has arguments`)
    return { kind: 'value', value: memberOf(frame, value, name) }
  }
  return frame.fail(`can't evaluate field ${name} in type ${type}`)
}

function missingFromNil(frame: Frame, name: string): Value {
  if (!frame.rendering.source.errorOnMissingKey) return undefined
  return frame.fail(`nil data; no entry for key "${name}"`)
}

function failOnNil(frame: Frame, value: Value, name: string): never {
  const type = typeOf(value)
  const isUnknown =
    typeof value === 'object' && value.kind === 'pointer' && !value.structType.fields.has(name)
  if (isUnknown) return frame.fail(`can't evaluate field ${name} in type ${type}`)
  return frame.fail(`nil pointer evaluating ${type}.${name}`)
}

function memberOf(frame: Frame, map: GoMap, name: string): Value {
  if (hasEntry(map, name)) return elementOf(map, entryOf(map, name))
  if (!frame.rendering.source.errorOnMissingKey) return zeroOf(elementType(map))
  return frame.fail(`map has no entry for key "${name}"`)
}
