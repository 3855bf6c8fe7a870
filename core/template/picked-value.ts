/** What a reference with a key gives a template: a value, behind which the secret still stands. */
import { pickProperty, readSecretData, suggestProperty } from './secret-data.ts'
import { secretOf } from './secret-value.ts'
import {
  anyMap,
  type ConcreteValue,
  type GoInterface,
  type GoMap,
  type GoPointer,
  type GoStruct,
  indirect,
  unbox,
  type Value,
} from './values.ts'

export type Picking =
  | { readonly kind: 'picked'; readonly value: GoInterface }
  | { readonly kind: 'missing'; readonly nearest: string | undefined }

/**
 * The value under `property` of a secret. Everywhere it is that value; only the fields of a secret are looked up in the secret, whose
 * data then has one key, the last part of `property`. All texts are byte strings.
 */
export function pickFrom(secret: ConcreteValue, property: string): Picking {
  const { value } = indirect(secret)
  const whole = typeof value === 'object' && value.kind === 'struct' ? value : undefined
  const data = dataOf(whole)
  const picked = pickProperty(data, property)
  if (picked === undefined) return { kind: 'missing', nearest: suggestProperty(data, property) }
  const entries = new Map([[picked.key, picked.value]])
  return { kind: 'picked', value: standFor(picked.value, secretOf(aliased(entries), whole)) }
}

/** What stands for an optional reference that leads nowhere: the empty text, also under the key that it wanted. */
export function nothingFor(property: string | undefined): GoInterface {
  const key = property?.replace(/^.*\.(?=.)/s, '')
  const entries = new Map<string, Value>(key === undefined ? [] : [[key, '']])
  return standFor('', secretOf(aliased(entries)))
}

function standFor(value: Value, origin: GoPointer): GoInterface {
  return { kind: 'interface', value: unbox(value), origin }
}

function aliased(entries: Map<string, Value>): GoMap {
  return { ...anyMap(entries), alias: 'data' }
}

function dataOf(secret: GoStruct | undefined): GoMap {
  const answered = unbox(secret?.fields.get('Data'))
  const isMap = typeof answered === 'object' && answered.kind === 'map'
  return isMap ? readSecretData(answered).data : anyMap(new Map())
}
