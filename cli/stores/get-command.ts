/** `claviger get`: prints secrets. */
import { type FlagTable, formatFlags } from '../../core/go-flags.ts'
import type { Issue, Parsed } from '../../core/issue.ts'
import { type FormatName, formatNames } from '../../core/template/vocabulary.ts'
import type { Terminal } from '../terminal.ts'
import { referenceHelp, referenceWords, storeFlags } from './flags.ts'
import { formatFound, formatTogether } from './found-text.ts'
import type { OpenStores } from './open-stores.ts'
import { readSecrets } from './read-secrets.ts'
import { type NamedReference, readReference } from './reference.ts'
import { createStoreVerb, type GivenCommand, helpFlag, reportFailure } from './store-verb.ts'
import { issuesOf, readOutput } from './words.ts'

const outputs = ['raw', ...formatNames.filter((name) => name !== 'raw')] as const

/** Forms that hold several secrets, each under its reference. */
const togetherOutputs = ['json', 'yaml'] as const

const ownFlags = {
  output: {
    kind: 'text',
    argument: outputs.join('|'),
    help: 'form of the secret, as the format of an annotation; default raw, of several keys json',
  },
  o: { kind: 'text', argument: outputs.join('|'), help: 'the same as -output' },
} as const satisfies FlagTable

const help = `Usage: claviger get [flags] REFERENCE ...

Prints a secret, or with #PROPERTY one key of it: bytes as they are, and a line break after them only on a terminal. A secret of several
keys is printed as JSON. With -output it looks as the file of a pod with that format. Several references give one JSON or YAML object
with each secret under its reference; a store is asked once for all of its own. A reference that ends in a question mark may be missing.

${referenceHelp}

Examples:
  claviger get aws:prod/db#password
  claviger get vault:secret/app@3 -o env
  claviger get -o json k8s:db aws:prod/db#password gcp:token?

Flags:
${formatFlags({ ...ownFlags, ...storeFlags, ...helpFlag })}
`

interface Command {
  readonly references: readonly GivenReference[]
  /** Undefined: raw, and JSON for what is no single value. */
  readonly output: FormatName | undefined
}

interface GivenReference extends NamedReference {
  /** As it was given. */
  readonly text: string
}

function parse({ flags, words, known }: GivenCommand<typeof ownFlags>): Parsed<Command> {
  const parsed = words.map((text) => ({ text, reference: readReference(text, known) }))
  const isGiven = flags.output !== undefined || flags.o !== undefined
  const output = readOutput<FormatName>(flags, outputs)
  const issues: Issue[] = [...issuesOf(output, ...parsed.map(({ reference }) => reference))]
  if (words.length === 0) issues.push({ code: 'usage', path: 'get', expected: 'a reference' })
  const chosen = output.kind === 'ok' && isGiven ? output.value : undefined
  if (words.length > 1 && !togetherOutputs.some((name) => name === (chosen ?? 'json'))) {
    const expected = `${togetherOutputs.join(' or ')} for several references`
    issues.push({ code: 'flag', path: '-output', expected })
  }
  if (issues.length > 0) return { kind: 'issues', issues }
  const references = parsed.flatMap(({ text, reference }) =>
    reference.kind === 'ok' ? [{ ...reference.value, text }] : [],
  )
  return { kind: 'ok', value: { references, output: chosen } }
}

const runGet = async (
  { references, output }: Command,
  terminal: Terminal,
  stores: OpenStores,
): Promise<number> => {
  const found = await readSecrets(references, stores, terminal.stop)
  const failures = found.flatMap((one) => (one.kind === 'failed' ? [one.error] : []))
  for (const error of failures) reportFailure(error, terminal, stores)
  const [first] = failures
  if (first !== undefined) return first.exitCode
  const named = references.map(({ text }, index) => [text, found[index]] as const)
  const [only] = found
  print(
    named.length === 1 && only !== undefined
      ? formatFound(only, output)
      : formatTogether(named, output === 'yaml' ? 'yaml' : 'json'),
    terminal,
  )
  return 0
}

/** Whoever reads it from a pipe gets the bytes alone. */
function print(bytes: Uint8Array, { write, columns }: Terminal): void {
  write(bytes)
  if (columns !== undefined && bytes.length > 0 && bytes.at(-1) !== 0x0a) write('\n')
}

export const getVerb = createStoreVerb({
  help,
  flags: ownFlags,
  words: referenceWords,
  parse,
  run: runGet,
})
