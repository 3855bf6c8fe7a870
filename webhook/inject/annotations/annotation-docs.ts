/** The annotation reference as Markdown; docs/annotations.md is this text. */
import { type Annotation, prefixes } from './annotation.ts'
import { annotationGroups } from './annotations.ts'

const introduction = `# Annotations

Set them on the pod, or on the pod template of whatever makes the pod. They work under each of these prefixes; the same
annotation under two prefixes is fine with equal values and denied with different ones:

${prefixes.map((prefix) => `- \`${prefix}\``).join('\n')}

A namespace can give defaults to its pods ([namespaces](namespaces.md)); the class is what a [policy](policy.md) calls annotations by.

A pod with a wrong value is denied with one message that lists every problem. A key that is close to one of these, or that
the pod’s agent does not know, is admitted with a warning.

Annotations marked † are Claviger’s own: vault-k8s does not have them, and profile \`vault-k8s\` does not read them. In that profile values
are read as vault-k8s reads them, and what it takes although it makes no sense earns a warning.
`

export const tableHead: readonly string[] = [
  renderRow(['Annotation', 'Value', 'Default', 'Meaning', 'Class', 'Since']),
  '|---|---|---|---|---|---|',
]

const agentNotes = {
  stock: 'A stock agent acts on it, Claviger’s does not.',
  claviger: 'Claviger’s agent acts on it, a stock one does not.',
} as const

/** Derived from the annotation table; a family is shown with `<name>`. */
export function renderAnnotationDocs(): string {
  const sections = annotationGroups.flatMap(({ title, rows }) => [
    `## ${title}`,
    '',
    ...tableHead,
    ...Object.values(rows).map(describeRow),
    '',
  ])
  return [introduction, ...sections].join('\n')
}

/** A row of the table, as Markdown. */
export function describeRow({ form, key, kind, ...row }: Annotation<unknown>): string {
  const agents = row.agents === undefined ? [] : [agentNotes[row.agents]]
  const ours = row.ours === true ? ['†'] : []
  return renderRow([
    [`\`${form === 'family' ? `${key}<name>` : key}\``, ...ours].join(' '),
    kind.expected,
    row.default,
    [row.doc, ...agents].join(' '),
    row.class,
    row.since,
  ])
}

function renderRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}
