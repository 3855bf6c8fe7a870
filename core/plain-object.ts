/** Objects as `JSON.parse` makes them. */

export type PlainObject = Readonly<Record<string, unknown>>

/** No array and not null. */
export function isObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
