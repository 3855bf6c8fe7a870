/** References on the command line. */
import type { Issue, Parsed } from '../../core/issue.ts'
import { findNearest } from '../../core/nearest.ts'
import {
  formatReference,
  parsePrefix,
  parseReference,
  type Reference,
} from '../../core/reference.ts'
import type { NameSecret } from '../../core/tracing/secret-attributes.ts'
import type { KnownStores } from './known-stores.ts'

/** A reference whose store is known. */
export interface NamedReference extends Reference {
  readonly store: string
}

/**
 * As everywhere, but that what looks like a store must be one: a colon in a path is rare, and a store that is missing from the
 * command line is not. Issue codes: `reference`, `store`.
 */
export function readReference(text: string, known: KnownStores): Parsed<NamedReference> {
  const unknown = findUnknownStore(text, known)
  if (unknown !== undefined) return { kind: 'issues', issues: [unknown] }
  const parsed = parseReference(text, known.references)
  if (parsed.kind === 'issues') return parsed
  return { kind: 'ok', value: { ...parsed.value, store: parsed.value.store ?? known.fallback } }
}

/** A place in a store's names: `[STORE:][PREFIX]`. */
export interface NamePrefix {
  readonly store: string
  readonly prefix: string
}

/** Issue code: `store`. */
export function readPrefix(text: string, known: KnownStores): Parsed<NamePrefix> {
  const unknown = findUnknownStore(text, known)
  if (unknown !== undefined) return { kind: 'issues', issues: [unknown] }
  const { store = known.fallback, path: prefix } = parsePrefix(text, known.references)
  return { kind: 'ok', value: { store, prefix } }
}

/** A secret as a reference that can be given to other verbs. */
export function nameSecret(store: string, path: string): string {
  return formatReference({
    store,
    path,
    property: undefined,
    version: undefined,
    isOptional: false,
  })
}

/** The same with a version, as spans name what was read. */
export const nameRead: NameSecret = ({ store, path, version }) =>
  formatReference({ store, path, property: undefined, version, isOptional: false })

function findUnknownStore(text: string, { settings, fallback }: KnownStores): Issue | undefined {
  const [, prefix] = /^\s*([A-Za-z][\w-]*):/.exec(text) ?? []
  if (prefix === undefined || settings.has(prefix)) return undefined
  const names = [...settings.keys()]
  const meant = findNearest(prefix.toLowerCase(), names)
  const hint =
    meant === undefined
      ? `-store or -stores makes it known; a path with a colon is written ${fallback}:PATH`
      : `did you mean ${meant}:?`
  return { code: 'store', path: prefix, expected: `a store: ${names.join(', ')}`, hint }
}
