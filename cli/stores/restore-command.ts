/** `claviger restore`: undoes a deletion. */
import { formatFlags } from '../../core/go-flags.ts'
import type { Terminal } from '../terminal.ts'
import { requireOperation } from './capability.ts'
import { referenceHelp, referenceWords, storeFlags } from './flags.ts'
import type { OpenStores } from './open-stores.ts'
import { type NamedReference, nameSecret } from './reference.ts'
import { createStoreVerb, helpFlag } from './store-verb.ts'
import { readSecretWord } from './words.ts'

const help = `Usage: claviger restore [flags] REFERENCE

Undoes the deletion of a secret, in stores that keep what is deleted for a while: vault, aws, azure.

${referenceHelp}

Examples:
  claviger restore aws:prod/db

Flags:
${formatFlags({ ...storeFlags, ...helpFlag })}
`

const runRestore = async (
  { store, path }: NamedReference,
  terminal: Terminal,
  stores: OpenStores,
): Promise<number> => {
  await requireOperation(await stores.open(store), 'restore')(path, terminal.stop)
  terminal.write(`restored ${nameSecret(store, path)}\n`)
  return 0
}

export const restoreVerb = createStoreVerb({
  help,
  flags: {},
  words: referenceWords,
  parse: ({ words, known }) => readSecretWord('restore', words, known),
  run: runRestore,
})
