/** Part of a list, as far as its capacity reaches. */
import { elementType, type GoSlice, zeroOf } from './values.ts'

/** What lies beyond the items is zero; `limit` ends the part's own capacity. */
export function sliceItems(list: GoSlice, from: number, to: number, limit?: number): GoSlice {
  const { items, capacity = items.length } = list
  const beyond = Array.from({ length: Math.max(0, to - items.length) }, () =>
    zeroOf(elementType(list)),
  )
  const part = [...items, ...beyond].slice(from, to)
  return { ...list, items: part, capacity: (limit ?? capacity) - from }
}
