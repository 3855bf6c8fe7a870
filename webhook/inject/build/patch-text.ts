/** JSON text of values that may hold integers beyond 2^53, which vault-k8s takes for users and groups. */

// TypeScript's library does not have it yet; Node 22 and later do.
const { rawJSON } = JSON as typeof JSON & { readonly rawJSON: (text: string) => unknown }

/** As `JSON.stringify`, with a bigint as the number it is. */
export function stringifyWhole(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    // Almost never: a replacer is called for every member of every object.
    return JSON.stringify(value, (_, member) =>
      typeof member === 'bigint' ? rawJSON(String(member)) : member,
    )
  }
}
