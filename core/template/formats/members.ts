/** What a format writes: a map's members by their names. */
import { FunctionError } from '../functions/function.ts'
import { sortedEntries } from '../map-key.ts'
import { indirect, textOf, typeOf, type Value } from '../values.ts'

export interface Member {
  /** Byte string. */
  readonly key: string
  readonly value: Value
}

/** In the order of the keys' bytes. Throws `FunctionError` for what is no map with keys of text. */
export function membersOf(given: Value): readonly Member[] {
  const { value } = indirect(given)
  if (typeof value !== 'object' || value.kind !== 'map') {
    const type = value === undefined ? 'nil' : typeOf(value)
    throw new FunctionError(`expected a map, got ${type}`)
  }
  return sortedEntries(value).map((entry) => {
    const key = textOf(entry.key)
    if (key !== undefined) return { key, value: entry.value }
    throw new FunctionError('expected a map whose keys are strings')
  })
}
