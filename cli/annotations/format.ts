/** Forms of the annotation reference. */
import { prefixes } from '../../webhook/inject/annotations/annotation.ts'
import { describeRow, tableHead } from '../../webhook/inject/annotations/annotation-docs.ts'
import { type ReferenceEntry, stem } from './reference.ts'

/** One line an annotation, for other programs: key, default and meaning with tabs between. */
export function formatLines(entries: readonly ReferenceEntry[]): string {
  return entries
    .map(({ key, doc, ...row }) => `${key}\t${plain(row.default)}\t${plain(doc)}\n`)
    .join('')
}

export function formatJson(entries: readonly ReferenceEntry[]): string {
  const shown = entries.map(({ row: _, ...entry }) => entry)
  return `${JSON.stringify(shown, null, 2)}\n`
}

/** The rows of the reference page. */
export function formatMarkdown(entries: readonly ReferenceEntry[]): string {
  return [...tableHead, ...entries.map(({ row }) => describeRow(row))]
    .map((line) => `${line}\n`)
    .join('')
}

/** Columns for a terminal that is `width` wide; the meaning is wrapped. */
export function formatTable(entries: readonly ReferenceEntry[], width: number): string {
  const rows = [
    ['ANNOTATION', 'DEFAULT', 'MEANING'],
    ...entries.map(({ key, doc, ...row }) => [key, shorten(row.default), plain(doc)]),
  ]
  const keyWidth = Math.max(...rows.map(([key = '']) => key.length))
  const defaultWidth = Math.min(22, Math.max(...rows.map(([, text = '']) => text.length)))
  const docWidth = Math.max(24, width - keyWidth - defaultWidth - 4)
  const lines = rows.flatMap(([key = '', text = '', doc = '']) => {
    const columns = [[key], wrap(text, defaultWidth), wrap(doc, docWidth)]
    const height = Math.max(...columns.map(({ length }) => length))
    return Array.from({ length: height }, (_, line) => {
      const [first = '', second = '', third = ''] = columns.map((column) => column[line] ?? '')
      return `${first.padEnd(keyWidth)}  ${second.padEnd(defaultWidth)}  ${third}`.trimEnd()
    })
  })
  return lines.map((line) => `${line}\n`).join('')
}

const agentNames = { stock: 'stock agents only', claviger: 'Claviger’s own agent only' } as const

/** Everything that is known of one annotation. */
export function formatEntry(entry: ReferenceEntry, width: number): string {
  const { key, value, since, doc, setBy, agents, ours } = entry
  const facts = [
    ['Value', value],
    ['Default', plain(entry.default) || 'none'],
    ['Since', since],
    ['Class', entry.class],
    ['Set for all pods by', setBy === undefined ? '' : `${setBy.flag} or ${setBy.variable}`],
    ['Agents', agents === undefined ? '' : agentNames[agents]],
    ['vault-k8s', ours ? 'does not have it; its profile does not read it' : ''],
    [
      'Spelt',
      prefixes.map((prefix) => prefix + stem(entry) + (entry.family ? '<name>' : '')).join(', '),
    ],
  ].filter(([, text]) => text !== '')
  const label = Math.max(...facts.map(([name = '']) => name.length)) + 1
  const lines = facts.flatMap(([name = '', text = '']) =>
    wrap(text, width - label - 3).map(
      (line, index) => `  ${(index === 0 ? `${name}:` : '').padEnd(label)} ${line}`,
    ),
  )
  return [key, ...wrap(plain(doc), width - 2).map((line) => `  ${line}`), '', ...lines]
    .map((line) => `${line}\n`)
    .join('')
}

/** The default itself, without the flag that the operator may set it by. */
function shorten(markdown: string): string {
  return plain(markdown).replace(
    /^flag (-\S+?)(?:, else (.*))?$/,
    (_, flag, value) => value ?? flag,
  )
}

/** Without Markdown's marks. */
function plain(markdown: string): string {
  return markdown.replaceAll('`', '')
}

/** Words that are longer than a line are cut. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').flatMap((long) => cut(long, width))) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}

function cut(word: string, width: number): readonly string[] {
  const parts = Math.max(1, Math.ceil(word.length / width))
  return Array.from({ length: parts }, (_, part) => word.slice(part * width, (part + 1) * width))
}
