/** `claviger rotate`: has a store rotate a secret, or sets how often it does. */
import { type FlagTable, formatFlags } from '../../core/go-flags.ts'
import type { Parsed } from '../../core/issue.ts'
import type { RotateOptions } from '../../core/stores/store.ts'
import type { Terminal } from '../terminal.ts'
import { requireOperation } from './capability.ts'
import { referenceHelp, referenceWords, storeFlags } from './flags.ts'
import type { OpenStores } from './open-stores.ts'
import { type NamedReference, nameSecret } from './reference.ts'
import { createStoreVerb, type GivenCommand, helpFlag } from './store-verb.ts'
import { issuesOf, readCount, readSecretWord } from './words.ts'

const ownFlags = {
  days: {
    kind: 'text',
    argument: 'DAYS',
    help: 'from now on once in so many days, 1 to 1000; default: as it is set',
  },
  later: { kind: 'boolean', help: 'do not rotate now, but when the next rotation is due' },
} as const satisfies FlagTable

const help = `Usage: claviger rotate [flags] REFERENCE

Has the store make a new value of a secret, in stores that can: aws, by the Lambda function of the secret. The setting rotation_lambda of
the store names another function. Agents follow by themselves.

${referenceHelp}

Examples:
  claviger rotate aws:prod/db
  claviger rotate -days=30 -later aws:prod/db

Flags:
${formatFlags({ ...ownFlags, ...storeFlags, ...helpFlag })}
`

interface Command {
  readonly reference: NamedReference
  readonly options: RotateOptions
}

function parse({ flags, words, known }: GivenCommand<typeof ownFlags>): Parsed<Command> {
  const reference = readSecretWord('rotate', words, known)
  const days = flags.days === undefined ? undefined : readCount('-days', flags.days)
  if (reference.kind === 'issues' || days?.kind === 'issues') {
    return { kind: 'issues', issues: issuesOf(reference, ...(days === undefined ? [] : [days])) }
  }
  const rules = days === undefined ? {} : { days: days.value }
  const options = { isImmediate: flags.later !== true, ...rules }
  return { kind: 'ok', value: { reference: reference.value, options } }
}

const runRotate = async (
  { reference: { store, path }, options }: Command,
  terminal: Terminal,
  stores: OpenStores,
): Promise<number> => {
  const rotate = requireOperation(await stores.open(store), 'rotate')
  await rotate(path, options, terminal.stop)
  const done = options.isImmediate ? 'rotation of' : 'rules for the rotation of'
  terminal.write(`${done} ${nameSecret(store, path)} ${options.isImmediate ? 'began' : 'set'}\n`)
  return 0
}

export const rotateVerb = createStoreVerb({
  help,
  flags: ownFlags,
  words: referenceWords,
  parse,
  run: runRotate,
})
