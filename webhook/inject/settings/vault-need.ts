/** Whether the agent of a pod has to log in to the pod's own Vault. */
import type { AnnotationReader } from '../annotations/annotation-reader.ts'
import { annotations } from '../annotations/annotations.ts'
import type { ListenerSettings } from './listener.ts'
import type { StoresSettings } from './stores.ts'

export interface VaultUses {
  /** Whether the agent's configuration is made of the annotations. */
  readonly generated: boolean
  readonly stores: StoresSettings
  readonly tokenFile: string | undefined
  readonly listener: ListenerSettings
}

/** Where no text tells, the annotations of the login do. A pod that uses no other store always logs in. */
export function findVaultNeed(
  reader: AnnotationReader,
  { generated, stores: { used, uses }, tokenFile, listener }: VaultUses,
): boolean {
  // A store that is wrong is none that is used.
  const asksOthers = uses.references.some(({ reference }) => reference.store !== undefined)
  if (!generated || (used.length === 0 && !asksOthers)) return true
  if (tokenFile !== undefined || listener.cache !== 'none') return true
  if (uses.references.some(({ reference }) => reference.store === undefined)) return true
  const asksForLogin =
    [annotations.role, annotations.authType].some((row) => reader.has(row)) ||
    reader.names(annotations.authConfig).length > 0
  return uses.isUnclear && asksForLogin
}
