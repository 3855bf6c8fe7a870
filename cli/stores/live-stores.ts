/** Stores for templates that are rendered here: the pod's own Vault is VAULT_ADDR's, others are named. */
import type { FlagValues } from '../../core/go-flags.ts'
import type { Parsed } from '../../core/issue.ts'
import type { ReferenceStores } from '../../core/reference.ts'
import type { StoreSettings } from '../../core/stores/settings/store-settings.ts'
import type { SecretReader } from '../template.ts'
import type { Terminal } from '../terminal.ts'
import { namesNothing } from '../traces.ts'
import type { liveFlags } from './flags.ts'
import { createKnownStores, readKnownStores } from './known-stores.ts'
import { createOpenStores } from './open-stores.ts'
import { createStoreReader } from './store-reader.ts'

export interface LiveStores extends SecretReader {
  readonly stores: ReferenceStores
  readonly close: () => Promise<void>
}

/** `own` are stores that a pod describes itself; those of the command line go before them. */
export type OpenLive = (own: readonly StoreSettings[]) => LiveStores

interface Flags extends FlagValues<typeof liveFlags> {
  readonly namespace?: string
}

/** Issue codes as `readKnownStores`; nothing is asked of any store yet. */
export function prepareLiveStores(
  flags: Flags,
  vault: SecretReader,
  terminal: Terminal,
): Parsed<OpenLive> {
  const read = readKnownStores(flags, terminal)
  if (read.kind === 'issues') return read
  const open: OpenLive = (own) => {
    const configured = [...read.value.configured, ...own.map(asHere)]
    const known = createKnownStores({ ...read.value, configured })
    const opened = createOpenStores(known, terminal, namesNothing)
    const stores = { ...known.references, fallback: undefined }
    return {
      ...createStoreReader(vault, opened, terminal.stop),
      stores,
      close: opened.close,
    }
  }
  return { kind: 'ok', value: open }
}

/** Of a pod's identity nothing is here: whoever renders asks as himself. */
const ofPods = ['token_path', 'auth', 'mount', 'role', 'audience']

function asHere(settings: StoreSettings): StoreSettings {
  const values = new Map(Array.from(settings.values).filter(([key]) => !ofPods.includes(key)))
  return { ...settings, values: settings.type === 'vault' ? values.set('auth', 'token') : values }
}
