/** Opens stores as their hosts do. */
import type { Environment } from '../../../core/environment.ts'
import { createLogger } from '../../../core/log.ts'
import { openStore } from '../../../core/stores/open-store.ts'
import {
  type GivenStore,
  parseStoreSettings,
} from '../../../core/stores/settings/store-settings.ts'
import type { StoreTypeName } from '../../../core/stores/settings/store-types.ts'
import { createSharedMemory } from '../../../core/stores/shared-memory.ts'
import type { Store, StoreMemory, StorePorts } from '../../../core/stores/store.ts'

export interface TestPorts {
  readonly environment?: Environment
  readonly memory?: StoreMemory
  readonly write?: (line: string) => void
  /** Milliseconds since the epoch. Default: the machine's clock. */
  readonly now?: () => number
}

export function createTestPorts(given: TestPorts = {}): StorePorts {
  const { environment = {}, memory = createMemory(), now = Date.now } = given
  const { write = () => undefined } = given
  const logger = createLogger({ level: 'trace', format: 'json', write, now })
  return { environment, memory, now, logger, userAgent: 'claviger/test' }
}

export function createMemory(): StoreMemory {
  return createSharedMemory()(new Map())
}

/** By the name of its type. Throws for settings that the type does not take. */
export async function openTestStore(
  type: StoreTypeName,
  values: GivenStore['values'],
  ports: TestPorts = {},
): Promise<Store> {
  const parsed = parseStoreSettings({ name: type, type, values, path: 'test' })
  if (parsed.kind === 'issues') throw new Error(JSON.stringify(parsed.issues))
  return openStore(parsed.value, createTestPorts(ports))
}
