/** Stores of a command line, each opened when it is first used. */
import { resolve } from 'node:path'
import { AppError } from '../../core/errors.ts'
import { openStore } from '../../core/stores/open-store.ts'
import {
  type StoreSettings,
  settingOf,
  settingsOf,
} from '../../core/stores/settings/store-settings.ts'
import { createSharedMemory } from '../../core/stores/shared-memory.ts'
import type { Store, StorePorts } from '../../core/stores/store.ts'
import type { NameSecret } from '../../core/tracing/secret-attributes.ts'
import { traceStore } from '../../core/tracing/traced-store.ts'
import { version } from '../../core/version.ts'
import type { ClusterChoice } from '../cluster/flags.ts'
import type { Terminal } from '../terminal.ts'
import type { KnownStores } from './known-stores.ts'

export interface OpenStores {
  /** By a name that is known. Throws what `openStore` throws. */
  readonly open: (name: string) => Promise<OpenedStore>
  /** Undefined for a name that is not known. */
  readonly settingsOf: (name: string) => StoreSettings | undefined
  readonly close: () => Promise<void>
}

export interface OpenedStore {
  readonly store: Store
  readonly settings: StoreSettings
}

/** Nothing is opened yet. `nameSecret`: what spans call a secret. */
export function createOpenStores(
  known: KnownStores,
  terminal: Terminal,
  nameSecret: NameSecret,
): OpenStores {
  const { settings, cluster } = known
  const ports = createPorts(terminal)
  const opened = new Map<string, Promise<OpenedStore>>()
  const open = async (name: string): Promise<OpenedStore> => {
    const found = settings.get(name)
    if (found === undefined) {
      throw new AppError('config_invalid', { store: name, reason: 'no such store is configured' })
    }
    checkAddresses(found, terminal)
    const located = locate(found, terminal)
    const store = await openOne(located, cluster, ports)
    const { tracer } = terminal
    if (tracer === undefined) return { store, settings: located }
    const { type } = located
    return { store: traceStore(store, { type, tracer, nameSecret }), settings: located }
  }
  return {
    settingsOf: (name) => settings.get(name),
    open: (name) => {
      const pending = opened.get(name) ?? open(name)
      opened.set(name, pending)
      return pending
    },
    close: async () => {
      const settled = await Promise.allSettled(opened.values())
      const stores = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value.store] : []))
      await Promise.allSettled(stores.map((store) => store.close?.()))
    },
  }
}

/** Secrets of a cluster are where the kubeconfig says, unless the store has a server of its own. */
async function openOne(
  settings: StoreSettings,
  choice: ClusterChoice,
  ports: StorePorts,
): Promise<Store> {
  if (settings.type !== 'k8s' || settings.values.has('server')) return openStore(settings, ports)
  const [{ findKubeconfigPlace }, { openSecretsAt }, { asKeepStore }] = await Promise.all([
    import('./kubeconfig-place.ts'),
    import('../../core/stores/kubernetes/secrets.ts'),
    import('../../core/stores/preset/keep-store.ts'),
  ])
  const place = await findKubeconfigPlace(settings, choice, ports)
  const store = openSecretsAt(settings, place, ports)
  return settings.isKeep === true ? asKeepStore(store, settings.type) : store
}

/** What stands in for a setting was checked by nobody, and a scheme is easily left out. Throws `config_invalid`. */
function checkAddresses({ name, type, values }: StoreSettings, { variables }: Terminal): void {
  for (const [key, { kind, variable = '' }] of Object.entries(settingsOf(type))) {
    const text = kind === 'address' && !values.has(key) ? variables[variable] : undefined
    const protocol = text && URL.canParse(text) ? new URL(text).protocol : undefined
    if (!text || protocol === 'https:' || protocol === 'http:') continue
    throw new AppError('config_invalid', { store: name, variable, expected: 'https://HOST:PORT' })
  }
}

/** What a laptop knows of itself, where a pod is told it by the webhook. Source of VAULT_CACERT: Vault's own command line. */
function locate(settings: StoreSettings, { directory, variables }: Terminal): StoreSettings {
  const { type, values } = settings
  const authorities = variables['VAULT_CACERT'] || undefined
  if (type === 'file') {
    const given = settingOf(settings, 'directory', variables)
    return {
      ...settings,
      values: new Map([...values, ['directory', resolve(directory, given ?? '.')]]),
    }
  }
  if (type !== 'vault' || authorities === undefined || values.has('ca_cert')) return settings
  return { ...settings, values: new Map([...values, ['ca_cert', resolve(directory, authorities)]]) }
}

function createPorts({ variables, clock, logger }: Terminal): StorePorts {
  return {
    environment: variables,
    now: clock.now,
    // For as long as the command runs.
    memory: createSharedMemory()(new Map()),
    logger,
    userAgent: `claviger/${version}`,
  }
}
