/** JSON text of values that may hold integers beyond 2^53, which vault-k8s takes for users and groups. */

/** As `JSON.stringify` of plain data, with a bigint as the number it is. */
export function stringifyWhole(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    // Almost never: it takes several times as long.
    return writeValue(value)
  }
}

function writeValue(value: unknown): string {
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return `[${value.map(writeValue).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => `${JSON.stringify(key)}:${writeValue(member)}`)
  return `{${members.join(',')}}`
}
