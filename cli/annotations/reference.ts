/** The annotation reference: the webhook's table with the flags that give its defaults. */
import { type Flag, findFlag, flags } from '../../webhook/config/flags.ts'
import {
  type Annotation,
  type AnnotationClass,
  prefixes,
} from '../../webhook/inject/annotations/annotation.ts'
import { annotations } from '../../webhook/inject/annotations/annotations.ts'

export interface ReferenceEntry {
  /** Without prefix; a family ends in `<name>`. */
  readonly key: string
  readonly family: boolean
  /** What a value must be. */
  readonly value: string
  /** Empty for none. Markdown, as everything for readers here. */
  readonly default: string
  readonly since: string
  /** What a policy calls it by, beside its key. */
  readonly class: AnnotationClass
  readonly doc: string
  /** True for what vault-k8s does not have. */
  readonly ours: boolean
  /** The agents that act on it, where not all do. */
  readonly agents: 'stock' | 'claviger' | undefined
  readonly row: Annotation<unknown>
  /** What sets its default for all pods. */
  readonly setBy: { readonly flag: string; readonly variable: string } | undefined
}

const nameMark = '<name>'

const rows: readonly Annotation<unknown>[] = Object.values(annotations)

/** In the order of the table. */
export const reference: readonly ReferenceEntry[] = rows.map((row) => describe(row))

function describe(row: Annotation<unknown>): ReferenceEntry {
  const { form, key, kind } = row
  return {
    key: form === 'family' ? key + nameMark : key,
    family: form === 'family',
    value: kind.expected,
    default: row.default,
    since: row.since,
    class: row.class,
    doc: row.doc,
    ours: row.ours ?? false,
    agents: row.agents,
    row,
    setBy: findSetter(key, row.default),
  }
}

/** The row of that key, with or without prefix and `<name>`; `agent-inject-secret-database` is one of `agent-inject-secret-<name>`. */
export function findEntry(text: string): ReferenceEntry | undefined {
  const key = stripPrefix(text)
  const exact = reference.find((entry) => entry.key === key || stem(entry) === key)
  if (exact !== undefined) return exact
  return reference
    .filter(
      (entry) => entry.family && key.length > stem(entry).length && key.startsWith(stem(entry)),
    )
    .toSorted((left, right) => right.key.length - left.key.length)[0]
}

export function stripPrefix(text: string): string {
  const prefix = prefixes.find((known) => text.startsWith(known)) ?? ''
  return text.slice(prefix.length)
}

/** The key without `<name>`. */
export function stem({ key, family }: ReferenceEntry): string {
  return family ? key.slice(0, -nameMark.length) : key
}

/** By the flag's own row, else by the flag that the text of the default names. */
function findSetter(key: string, text: string): ReferenceEntry['setBy'] {
  const rows: readonly Flag<unknown>[] = Object.values(flags)
  const named = /flag `-([a-z-]+)`/.exec(text)?.[1]
  const row =
    rows.find(({ annotation }) => annotation === key) ??
    (named === undefined ? undefined : findFlag(named))
  return row === undefined ? undefined : { flag: `-${row.name}`, variable: row.env }
}
