/** `claviger history`: the versions of a secret. */
import { formatTable } from '../../agent/status-text.ts'
import { formatFlags } from '../../core/go-flags.ts'
import type { Parsed } from '../../core/issue.ts'
import { escapeControls } from '../../core/log.ts'
import type { VersionEntry } from '../../core/stores/store.ts'
import type { Terminal } from '../terminal.ts'
import { requireOperation } from './capability.ts'
import { referenceHelp, referenceWords, storeFlags } from './flags.ts'
import type { OpenStores } from './open-stores.ts'
import { type NamedReference, nameSecret } from './reference.ts'
import { createStoreVerb, type GivenCommand, helpFlag } from './store-verb.ts'
import { issuesOf, listOutputs, outputFlags, readOutput, readSecretWord } from './words.ts'

const help = `Usage: claviger history [flags] REFERENCE

Lists the versions of a secret, newest first: name, when it was made, whether it can be read, and its stages or labels. No value is
read. \`claviger get REFERENCE@VERSION\` reads one of them.

${referenceHelp}

Examples:
  claviger history aws:prod/db
  claviger history gcp:db -o json

Flags:
${formatFlags({ ...outputFlags, ...storeFlags, ...helpFlag })}
`

interface Command {
  readonly reference: NamedReference
  readonly output: (typeof listOutputs)[number]
}

function parse({ flags, words, known }: GivenCommand<typeof outputFlags>): Parsed<Command> {
  const reference = readSecretWord('history', words, known)
  const output = readOutput(flags, listOutputs)
  if (reference.kind === 'issues' || output.kind === 'issues') {
    return { kind: 'issues', issues: issuesOf(reference, output) }
  }
  return { kind: 'ok', value: { reference: reference.value, output: output.value } }
}

const runHistory = async (
  { reference: { store, path }, output }: Command,
  terminal: Terminal,
  stores: OpenStores,
): Promise<number> => {
  const history = requireOperation(await stores.open(store), 'history')
  const versions = await history(path, terminal.stop)
  const name = nameSecret(store, path)
  terminal.write(output === 'json' ? formatJson(name, versions) : formatText(versions))
  return 0
}

function formatText(versions: readonly VersionEntry[]): string {
  const rows = versions.map(({ version, createdAt, state, labels }) => [
    version,
    createdAt === undefined ? '-' : new Date(createdAt).toISOString(),
    state,
    labels.join(',') || '-',
  ])
  const lines = formatTable([['VERSION', 'MADE', 'STATE', 'LABELS'], ...rows])
  return lines.map((line) => `${escapeControls(line)}\n`).join('')
}

/** Times are RFC 3339; fields may be added. */
function formatJson(reference: string, versions: readonly VersionEntry[]): string {
  const shown = versions.map(({ version, createdAt, state, labels }) => ({
    version,
    createdAt: createdAt === undefined ? null : new Date(createdAt).toISOString(),
    state,
    labels,
  }))
  return `${JSON.stringify({ reference, versions: shown }, null, 2)}\n`
}

export const historyVerb = createStoreVerb({
  help,
  flags: outputFlags,
  words: referenceWords,
  parse,
  run: runHistory,
})
