/** `claviger delete`: deletes a secret, for a while or for good. */
import { AppError } from '../../core/errors.ts'
import { type FlagTable, formatFlags } from '../../core/go-flags.ts'
import type { Issue, Parsed } from '../../core/issue.ts'
import type { DeleteOptions } from '../../core/stores/store.ts'
import type { Terminal } from '../terminal.ts'
import { requireOperation } from './capability.ts'
import { referenceHelp, referenceWords, storeFlags } from './flags.ts'
import type { OpenStores } from './open-stores.ts'
import { type NamedReference, nameSecret } from './reference.ts'
import { createStoreVerb, type GivenCommand, helpFlag } from './store-verb.ts'
import { issuesOf, readCount, readSecretWord } from './words.ts'

const ownFlags = {
  final: { kind: 'boolean', help: 'for good, where the store could keep it for a while' },
  'recovery-days': {
    kind: 'text',
    argument: 'DAYS',
    help: 'how long it can be restored, where the store lets its callers choose',
  },
  yes: { kind: 'boolean', help: 'do not ask' },
} as const satisfies FlagTable

const help = `Usage: claviger delete [flags] REFERENCE

Deletes a secret with all its versions. Stores that keep what is deleted for a while (vault, aws, azure) keep it unless -final is given;
\`claviger restore\` undoes it. At a keyboard it asks before; elsewhere -yes is needed.

${referenceHelp}

Examples:
  claviger delete aws:prod/old -recovery-days=7
  claviger delete file:prod/old -yes

Flags:
${formatFlags({ ...ownFlags, ...storeFlags, ...helpFlag })}
`

interface Command {
  readonly reference: NamedReference
  readonly options: DeleteOptions
  readonly isSure: boolean
}

function parse(given: GivenCommand<typeof ownFlags>): Parsed<Command> {
  const { flags, words, known, inputIsTerminal } = given
  const reference = readSecretWord('delete', words, known)
  const text = flags['recovery-days']
  const days = text === undefined ? undefined : readCount('-recovery-days', text)
  const issues: Issue[] = [...issuesOf(reference, ...(days === undefined ? [] : [days]))]
  if (flags.final === true && days !== undefined) {
    issues.push({ code: 'flag', path: '-recovery-days', expected: 'no -final beside it' })
  }
  if (flags.yes !== true && !inputIsTerminal) {
    issues.push({ code: 'flag', path: '-yes', expected: 'to be given where nobody can be asked' })
  }
  if (reference.kind === 'issues' || issues.length > 0) return { kind: 'issues', issues }
  const options = {
    isFinal: flags.final === true,
    ...(days?.kind === 'ok' ? { recoveryDays: days.value } : {}),
  }
  return {
    kind: 'ok',
    value: { reference: reference.value, options, isSure: flags.yes === true },
  }
}

const runDelete = async (
  { reference: { store, path }, options, isSure }: Command,
  terminal: Terminal,
  stores: OpenStores,
): Promise<number> => {
  const opened = await stores.open(store)
  const remove = requireOperation(opened, 'delete')
  // Days in which it can be restored are no wish to be passed over in silence.
  if (options.recoveryDays !== undefined) requireOperation(opened, 'restore')
  const name = nameSecret(store, path)
  const isFinal = options.isFinal || opened.store.restore === undefined
  if (!isSure) {
    const text = `Delete ${name}${isFinal ? ' for good' : ''}? [y/N] `
    const answer = await terminal.ask({ text, isHidden: false })
    if (!/^y(?:es)?$/i.test(answer?.trim() ?? '')) {
      throw new AppError('usage', { reason: 'nothing was deleted' })
    }
  }
  await remove(path, options, terminal.stop)
  terminal.write(`deleted ${name}${isFinal ? '' : `; claviger restore ${name} undoes it`}\n`)
  return 0
}

export const deleteVerb = createStoreVerb({
  help,
  flags: ownFlags,
  words: referenceWords,
  parse,
  run: runDelete,
})
