/** How a template function is described: how it is called, an example, and what that renders. */

export interface FunctionEntry {
  readonly name: string
  /** The name and what follows it: `?` behind what may be left out, `…` behind what may be repeated. */
  readonly signature: string
  /** Renders with the secrets, variables and time of the reference's test. */
  readonly example: string
  /** Undefined where it differs from one rendering to the next, as a new key does. */
  readonly output: string | undefined
  readonly origin: Origin
}

export const origins = ['Go text/template', 'consul-template', 'sprig', 'Claviger'] as const
export type Origin = (typeof origins)[number]

/** Signature, example, output. */
export type Row = readonly [string, string, string?]

/** `prefix` stands before the names of the rows. */
export function describeRows(
  origin: Origin,
  rows: readonly Row[],
  prefix = '',
): readonly FunctionEntry[] {
  return rows.map(([written, example, output]) => {
    const signature = prefix + written
    const [name = ''] = signature.split(' ')
    return { name, signature, example, output, origin }
  })
}
