/** The stores that a configuration names. Nothing of them is loaded before it is asked for. */
import type { Environment } from '../../core/environment.ts'
import type { Logger } from '../../core/log.ts'
import {
  durationOf,
  type StoreSettings,
  settingOf,
  settingsOf,
} from '../../core/stores/settings/store-settings.ts'
import type { StoreTypeName } from '../../core/stores/settings/store-types.ts'
import { createSharedMemory } from '../../core/stores/shared-memory.ts'
import type { TracedAs } from '../../core/tracing/traced-store.ts'
import { version } from '../../core/version.ts'
import { sha256 } from '../step/hash.ts'
import { NamedStore, type OpenStore } from './named-store.ts'

export interface StoresPorts {
  readonly environment: Environment
  readonly logger: Logger
  /** Absent: nothing is traced. */
  readonly traced?: Omit<TracedAs, 'type'> | undefined
}

export type NamedStores = ReadonlyMap<string, NamedStore>

export function createStores(
  stores: ReadonlyMap<string, StoreSettings>,
  { environment, logger, traced }: StoresPorts,
): NamedStores {
  const userAgent = `claviger-agent/${version}`
  const ports = { environment, logger, userAgent, now: () => Date.now() }
  const share = createSharedMemory()
  const open = traced === undefined ? openLazily : openTraced(traced)
  const named = Array.from(stores.values(), (settings) => {
    const identity = identify(settings, environment)
    const refreshMs = durationOf(settings, 'refresh', 0) || undefined
    return new NamedStore({ settings, identity, refreshMs, ports, share, open })
  })
  return new Map(named.map((store) => [store.name, store]))
}

const openLazily: OpenStore = async (settings, ports) => {
  const { openStore } = await import('../../core/stores/open-store.ts')
  return openStore(settings, ports)
}

function openTraced(traced: Omit<TracedAs, 'type'>): OpenStore {
  return async (settings, ports) => {
    const { traceStore } = await import('../../core/tracing/traced-store.ts')
    const store = await openLazily(settings, ports)
    return traceStore(store, { type: settings.type, ...traced })
  }
}

/** Variables that are no settings and say all the same who asks, or where. */
const ambientOfAws = [
  'AWS_DEFAULT_REGION',
  'AWS_ENDPOINT_URL',
  'AWS_ACCESS_KEY_ID',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
]
const ambient: Readonly<Partial<Record<StoreTypeName, readonly string[]>>> = {
  aws: ambientOfAws,
  ssm: ambientOfAws,
  gcp: ['GOOGLE_CREDENTIALS', 'GOOGLE_APPLICATION_CREDENTIALS'],
}

/** Hash of its settings, and of the variables that count with them. */
export function identify(settings: StoreSettings, environment: Environment): string {
  const { type, isKeep } = settings
  const values = Object.keys(settingsOf(type)).map(
    (key) => settingOf(settings, key, environment) ?? null,
  )
  const others = (ambient[type] ?? []).map((name) => environment[name] || null)
  return sha256(JSON.stringify([type, isKeep === true, ...values, ...others]))
}
