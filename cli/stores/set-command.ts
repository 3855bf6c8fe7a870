/** `claviger set`: writes a secret or one key of it. */
import { type FlagTable, formatFlags } from '../../core/go-flags.ts'
import type { Issue, Parsed } from '../../core/issue.ts'
import { storeTypes } from '../../core/stores/settings/store-types.ts'
import type { Terminal } from '../terminal.ts'
import { requireOperation } from './capability.ts'
import { parseEnvFile } from './env-file.ts'
import { referenceHelp, referenceWords, storeFlags } from './flags.ts'
import { readGivenValue, type ValueSource } from './given-value.ts'
import type { OpenStores } from './open-stores.ts'
import { type NamedReference, nameSecret, readReference } from './reference.ts'
import { createStoreVerb, type GivenCommand, helpFlag } from './store-verb.ts'
import { issuesOf, readTags } from './words.ts'

const ownFlags = {
  'from-file': {
    kind: 'text',
    argument: 'FILE',
    help: 'the value as a file holds it, - for standard input',
  },
  'from-env-file': {
    kind: 'text',
    argument: 'FILE',
    help: 'keys and values as the KEY=VALUE lines of a file hold them, - for standard input',
  },
  trim: { kind: 'boolean', help: 'leave out line breaks at the end of the value' },
  'allow-empty': { kind: 'boolean', help: 'write a value without a byte too' },
  tag: {
    kind: 'list',
    argument: 'KEY=VALUE',
    help: 'tag or label of a secret that is made by this; may be repeated',
  },
} as const satisfies FlagTable

const help = `Usage: claviger set [flags] REFERENCE < VALUE

Writes a secret: a new one, or a new version of it. The value comes from standard input or a file, bytes as they are; at a keyboard it is
asked for and not shown. It is never an argument, which others could read in the list of processes and in the shell's history.
With #PROPERTY one key is written and the others stay: of a Kubernetes Secret, of Vault's, or of a secret that is a JSON object. Where the
store has no keys of its own the secret is read, changed and written again, so that of two who do it at once one may lose. -from-env-file
writes several keys at once, their values as they stand behind the =.

${referenceHelp}

Examples:
  openssl rand -base64 24 | claviger set -trim aws:prod/db#password
  claviger set -from-file=keystore.p12 gcp:keystore
  claviger set k8s:db#password
  claviger set -from-env-file=secrets.env k8s:db

Flags:
${formatFlags({ ...ownFlags, ...storeFlags, ...helpFlag })}
`

interface Command {
  readonly reference: NamedReference
  readonly source: ValueSource
  /** Whether the value is a file of keys. */
  readonly isEnvFile: boolean
  readonly tags: ReadonlyMap<string, string>
}

function parse({ flags, words, known }: GivenCommand<typeof ownFlags>): Parsed<Command> {
  const [first, ...others] = words
  const reference = first === undefined ? undefined : readReference(first, known)
  const tags = readTags(flags.tag)
  const issues: Issue[] = [...issuesOf(tags)]
  if (reference === undefined || others.length > 0) issues.push(describeWords(others.length > 0))
  if (reference?.kind === 'issues') issues.push(...reference.issues)
  if (reference?.kind === 'ok' && isOfOld(reference.value)) {
    const expected = 'a reference without @VERSION and without a question mark at its end'
    issues.push({ code: 'usage', path: 'set', expected })
  }
  const envFile = flags['from-env-file']
  if (envFile !== undefined && flags['from-file'] !== undefined) {
    issues.push({ code: 'flag', path: '-from-env-file', expected: 'no -from-file beside it' })
  }
  if (envFile !== undefined && reference?.kind === 'ok' && reference.value.property !== undefined) {
    issues.push({ code: 'flag', path: '-from-env-file', expected: 'a reference without #PROPERTY' })
  }
  if (reference?.kind !== 'ok' || tags.kind === 'issues' || issues.length > 0) {
    return { kind: 'issues', issues }
  }
  const source = {
    path: envFile ?? flags['from-file'],
    // The last line of a file of keys ends as the others do.
    isTrimmed: flags.trim === true || envFile !== undefined,
    mayBeEmpty: flags['allow-empty'] === true,
  }
  const isEnvFile = envFile !== undefined
  return { kind: 'ok', value: { reference: reference.value, source, isEnvFile, tags: tags.value } }
}

/** The value itself may be among the words: none is repeated. */
function describeWords(hasMore: boolean): Issue {
  return {
    code: 'usage',
    path: 'set',
    expected: 'one reference and nothing else',
    ...(hasMore
      ? {
          hint: 'a value is no argument, where others could read it: pipe it in, or give -from-file=FILE',
        }
      : {}),
  }
}

function isOfOld({ version, isOptional }: NamedReference): boolean {
  return version !== undefined || isOptional
}

const runSet = async (
  { reference, source, isEnvFile, tags }: Command,
  terminal: Terminal,
  stores: OpenStores,
): Promise<number> => {
  const { store, path, property } = reference
  const opened = await stores.open(store)
  const write = requireOperation(opened, 'write')
  const bytes = await readGivenValue(source, terminal)
  const content = isEnvFile
    ? ({ kind: 'keys', members: parseEnvFile(bytes, source.path ?? '-') } as const)
    : property === undefined
      ? ({ kind: 'whole', bytes } as const)
      : ({ kind: 'keys', members: new Map([[property, bytes]]) } as const)
  const marks = tags.size === 0 ? {} : { tags }
  const version = await write({ path, content, ...marks }, terminal.stop)
  // Of other stores it is no name of anything, and may be made of the value.
  const isName = storeTypes[opened.settings.type].version !== undefined
  const suffix = isName && version !== undefined ? `, version ${version}` : ''
  terminal.write(`wrote ${nameSecret(store, path)}${suffix}\n`)
  return 0
}

export const setVerb = createStoreVerb({
  help,
  flags: ownFlags,
  words: referenceWords,
  parse,
  run: runSet,
})
