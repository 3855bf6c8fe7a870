/** Stores for templates that are rendered here: the pod's own Vault is VAULT_ADDR's, others are named. */
import type { FlagValues } from '../../core/go-flags.ts'
import type { Parsed } from '../../core/issue.ts'
import type { ReferenceStores } from '../../core/reference.ts'
import type { SecretReader } from '../template.ts'
import type { Terminal } from '../terminal.ts'
import type { liveFlags } from './flags.ts'
import { readKnownStores } from './known-stores.ts'
import { createOpenStores } from './open-stores.ts'
import { createStoreReader } from './store-reader.ts'

export interface LiveStores extends SecretReader {
  readonly stores: ReferenceStores
  readonly close: () => Promise<void>
}

interface Flags extends FlagValues<typeof liveFlags> {
  readonly namespace?: string
}

/** Whether a command line names stores at all. */
export function namesStores(flags: Flags, { variables }: Pick<Terminal, 'variables'>): boolean {
  return flags.store !== undefined || listOf(flags, variables) !== undefined
}

/** Issue codes and errors as `readKnownStores`; nothing is asked of any store yet. */
export function openLiveStores(
  flags: Flags,
  vault: SecretReader,
  terminal: Terminal,
): Parsed<LiveStores> {
  const stores = listOf(flags, terminal.variables)
  const listed = stores === undefined ? flags : { ...flags, stores }
  const known = readKnownStores(listed, terminal)
  if (known.kind === 'issues') return known
  const opened = createOpenStores(known.value, terminal)
  const { read } = createStoreReader(vault, opened, terminal.stop)
  const references = { ...known.value.references, fallback: undefined }
  return { kind: 'ok', value: { read, stores: references, close: opened.close } }
}

function listOf({ stores }: Flags, variables: Terminal['variables']): string | undefined {
  return stores ?? (variables['CLAVIGER_STORES'] || undefined)
}
