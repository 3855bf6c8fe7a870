/** `claviger annotations`: the annotation reference, searched. */
import { AppError } from '../core/errors.ts'
import { type FlagTable, formatFlags, type ParsedFlags, parseMixedFlags } from '../core/go-flags.ts'
import { renderAnnotationDocs } from '../webhook/inject/annotations/annotation-docs.ts'
import {
  formatEntry,
  formatJson,
  formatLines,
  formatMarkdown,
  formatTable,
} from './annotations/format.ts'
import { type ReferenceEntry, reference, stem } from './annotations/reference.ts'
import { searchAnnotations } from './annotations/search.ts'
import { describeChoice } from './choice.ts'
import { createRun, refuseUsage, type Terminal, type Verb } from './terminal.ts'

const outputs = ['table', 'text', 'json', 'markdown'] as const
type Output = (typeof outputs)[number]

const flagTable = {
  output: {
    kind: 'text',
    argument: outputs.join('|'),
    help: 'form of the answer; default table on a terminal, else text with tabs',
  },
  help: { kind: 'boolean', help: 'print this help' },
} as const satisfies FlagTable

const help = `Usage: claviger annotations [flags] [SEARCH ...]

Searches the annotation reference: keys first, then what is said of them, near misses last. The key of one annotation, with or
without prefix, prints everything about it. Exit code 65 when nothing is found.

Examples:
  claviger annotations
  claviger annotations memory
  claviger annotations vault.hashicorp.com/agent-inject-template-database
  claviger annotations token --output=json
  claviger annotations --output=markdown > annotations.md

Flags:
${formatFlags(flagTable)}
`

const runAnnotations = async (
  { flags, rest }: ParsedFlags<typeof flagTable>,
  terminal: Terminal,
): Promise<number> => {
  const given = flags.output ?? (terminal.columns === undefined ? 'text' : 'table')
  const output = outputs.find((name) => name === given)
  if (output === undefined) {
    return refuseUsage([describeChoice('-output', given, outputs)], terminal)
  }
  const query = rest.join(' ')
  if (query === '' && output === 'markdown') {
    terminal.write(renderAnnotationDocs())
    return 0
  }
  const result = searchAnnotations(query)
  const width = terminal.columns ?? 100
  if (result.kind === 'entry') {
    const single = output === 'json' || output === 'markdown'
    terminal.write(
      single ? format([result.entry], output, width) : formatEntry(result.entry, width),
    )
    return 0
  }
  if (result.entries.length === 0) {
    throw new AppError('input_invalid', { reason: 'no annotation is like that' })
  }
  terminal.write(format(result.entries, output, width))
  return 0
}

export const annotationsVerb: Verb = {
  run: createRun({
    help,
    parse: (words) => parseMixedFlags(flagTable, words, {}),
    run: runAnnotations,
  }),
  flags: flagTable,
  words: reference.map(stem),
}

function format(entries: readonly ReferenceEntry[], output: Output, width: number): string {
  switch (output) {
    case 'table':
      return formatTable(entries, width)
    case 'text':
      return formatLines(entries)
    case 'json':
      return formatJson(entries)
    case 'markdown':
      return formatMarkdown(entries)
  }
}
