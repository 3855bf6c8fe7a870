/** Rows of text as a table; the first row is the heading. */

type Rows = readonly (readonly string[])[]

/** Aligned columns, for a terminal. */
export function formatTable(rows: Rows): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  const lines = rows.map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  '))
  return lines.map((line) => line.trimEnd()).join('\n')
}

export function formatMarkdownTable(rows: Rows): string {
  const [heading = [], ...others] = rows
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(heading), `|${heading.map(() => '---|').join('')}`, ...others.map(line)].join('\n')
}
