/** The table of flags for people: the text of `--help`, and the rows of docs/webhook.md. */
import type { Flag } from './flag.ts'
import { flagRows } from './flags.ts'

/** `usage` is what the subcommand does and how it is started. */
export function renderHelp(usage: string, rows: readonly Flag<unknown>[]): string {
  const lines = rows.map((row) => {
    const head = row.isVariable ? row.env : `-${row.name}=…`
    const variable = row.isVariable ? '' : `\n      ${row.env}`
    return `  ${head}\n      ${row.doc}${describeDefaults(row)}${variable}`
  })
  return `${usage}\n\nFlags; a variable that is not empty beats its flag:\n${lines.join('\n')}\n`
}

function describeDefaults(row: Flag<unknown>): string {
  const [own, stock] = [row.default ?? '', row.stock.default ?? row.default ?? '']
  if (own === stock) return own === '' ? '' : ` (default ${own})`
  return ` (default ${own === '' ? 'the profile’s' : own}; in profile vault-k8s ${stock})`
}

/** A Markdown table of the flags of `agent-inject`, one row a flag. */
export function renderFlagTable(): string {
  const head = ['| Flag | Variable | Value | Default | In `vault-k8s` | Annotation | Meaning |']
  const rows = flagRows.map((row) => {
    const others = row.variables.filter((name) => name !== row.env)
    const stockDefault = row.stock.default ?? row.default
    return renderRow([
      row.isVariable ? '' : `\`-${row.name}\`${row.isStock ? '' : ' *'}`,
      [row.env, ...others].map((name) => `\`${name}\``).join(' '),
      row.kind.expected,
      spell(row.default),
      stockDefault === row.default ? '' : spell(stockDefault),
      row.annotation === undefined ? '' : `\`${row.annotation}\``,
      row.doc,
    ])
  })
  return [...head, '|---|---|---|---|---|---|---|', ...rows].join('\n')
}

/** The same of a subcommand that vault-k8s does not have. */
export function renderOwnFlagTable(rows: readonly Flag<unknown>[]): string {
  const head = ['| Flag | Variable | Value | Default | Meaning |', '|---|---|---|---|---|']
  const lines = rows.map((row) =>
    renderRow([
      `\`-${row.name}\``,
      `\`${row.env}\``,
      row.kind.expected,
      spell(row.default),
      row.doc,
    ]),
  )
  return [...head, ...lines].join('\n')
}

function spell(value: string | undefined): string {
  return value === undefined ? 'required' : value === '' ? '' : `\`${value}\``
}

function renderRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}
