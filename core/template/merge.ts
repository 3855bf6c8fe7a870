/** Merges one map into another, in place. Source: dario.cat/mergo. */
import { type GoMap, isTrue, unbox, type Value } from './values.ts'

/**
 * Takes over the members of `source` that `target` lacks or has empty, or all of them with `overrides`. Maps within maps are
 * merged likewise.
 */
export function mergeInto(target: GoMap, source: GoMap, overrides: boolean): void {
  for (const [name, member] of source.entries) {
    const current = unbox(target.entries.get(name))
    const given = unbox(member)
    if (isMap(current) && isMap(given) && current.entries.size > 0) {
      mergeInto(current, given, overrides)
    } else if (overrides || isEmpty(current)) {
      if (given !== undefined || overrides) target.entries.set(name, given)
    }
  }
}

function isMap(value: Value): value is GoMap {
  return typeof value === 'object' && value.kind === 'map'
}

function isEmpty(value: Value): boolean {
  return !isTrue(value)
}
