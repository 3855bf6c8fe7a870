/** The table of flags for people: the text of `--help`, and the rows of docs/webhook.md. */
import type { Flag } from './flag.ts'
import { flagRows } from './flags.ts'

export function renderHelp(): string {
  const lines = flagRows.map((row) => {
    const head = row.isVariable ? row.env : `-${row.name}=…`
    const variable = row.isVariable ? '' : `\n      ${row.env}`
    return `  ${head}\n      ${row.doc}${describeDefaults(row)}${variable}`
  })
  const usage =
    'usage: webhook agent-inject [flags]\n       webhook check NAMESPACE [flags]\n\nagent-inject serves the mutating admission webhook. check, in a cluster, asks the API server for a pod of that namespace, as a dry\nrun, and says whether it is injected and whether the store answers.'
  return `${usage}\n\nFlags; a variable that is not empty beats its flag:\n${lines.join('\n')}\n`
}

function describeDefaults(row: Flag<unknown>): string {
  const [own, stock] = [row.default ?? '', row.stock.default ?? row.default ?? '']
  if (own === stock) return own === '' ? '' : ` (default ${own})`
  return ` (default ${own === '' ? 'the profile’s' : own}; in profile vault-k8s ${stock})`
}

/** A Markdown table, one row a flag. */
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

function spell(value: string | undefined): string {
  return value === undefined ? 'required' : value === '' ? '' : `\`${value}\``
}

function renderRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}
