/** What a reference with a key gives a template: a value, behind which the secret still stands. */
import { pickProperty, readSecretData, suggestProperty } from './secret-data.ts'
import { secretOf } from './secret-value.ts'
import {
  anyMap,
  type ConcreteValue,
  type GoInterface,
  type GoMap,
  indirect,
  unbox,
  type Value,
} from './values.ts'

export type Picking =
  | { readonly kind: 'picked'; readonly value: GoInterface }
  | { readonly kind: 'missing'; readonly nearest: string | undefined }

/**
 * The value under `property` of a secret. Everywhere it is that value; only the fields of a secret are looked up in a secret whose
 * data has one key, the last part of `property`. All texts are byte strings.
 */
export function pickFrom(secret: ConcreteValue, property: string): Picking {
  const data = dataOf(secret)
  const picked = pickProperty(data, property)
  if (picked === undefined) return { kind: 'missing', nearest: suggestProperty(data, property) }
  return { kind: 'picked', value: standFor(picked.value, new Map([[picked.key, picked.value]])) }
}

/** What stands for an optional reference that leads nowhere: the empty text, also under the key that it wanted. */
export function nothingFor(property: string | undefined): GoInterface {
  const key = property?.replace(/^.*\.(?=.)/s, '')
  return standFor('', new Map(key === undefined ? [] : [[key, '']]))
}

function standFor(value: Value, entries: Map<string, Value>): GoInterface {
  const origin = secretOf({ ...anyMap(entries), alias: 'data' })
  return { kind: 'interface', value: unbox(value), origin }
}

function dataOf(secret: ConcreteValue): GoMap {
  const { value } = indirect(secret)
  const isStruct = typeof value === 'object' && value.kind === 'struct'
  const answered = isStruct ? unbox(value.fields.get('Data')) : undefined
  const isMap = typeof answered === 'object' && answered.kind === 'map'
  return isMap ? readSecretData(answered).data : anyMap(new Map())
}
