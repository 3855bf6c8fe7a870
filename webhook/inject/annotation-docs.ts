/** The annotation reference as Markdown; docs/annotations.md is this text. */
import { prefixes } from './annotation.ts'
import { annotations } from './annotations.ts'

const introduction = `# Annotations

Set them on the pod, or on the pod template of whatever makes the pod. They work under each of these prefixes; the same
annotation under two prefixes is fine with equal values and denied with different ones:

${prefixes.map((prefix) => `- \`${prefix}\``).join('\n')}

A namespace can give defaults to its pods ([namespaces](namespaces.md)); the class is what a [policy](policy.md) calls annotations by.

A pod with a wrong value is denied with one message that lists every problem. A key that is close to one of these, or that
the pod’s agent does not know, is admitted with a warning.
`

/** Derived from the annotation table; a family is shown with \`<name>\`. */
export function renderAnnotationDocs(): string {
  const rows = Object.values(annotations).map(({ form, key, kind, ...row }) =>
    renderRow([
      `\`${form === 'family' ? `${key}<name>` : key}\``,
      kind.expected,
      row.default,
      row.since,
      row.class,
      row.doc,
    ]),
  )
  const head = [
    renderRow(['Annotation', 'Value', 'Default', 'Since', 'Class', 'Meaning']),
    '|---|---|---|---|---|---|',
  ]
  return [introduction, ...head, ...rows, ''].join('\n')
}

function renderRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}
