/** What all examinations start from. */
import type { V1Deployment, V1Pod } from '@kubernetes/client-node'
import type { WebhookDefaults } from '../../webhook/inject/profiles.ts'
import type { Cluster } from '../cluster/cluster.ts'
import type { Installation } from '../cluster/installation.ts'
import type { Scope } from '../cluster/target.ts'
import type { Backend } from './backend.ts'

export interface Examination {
  readonly cluster: Cluster
  readonly scope: Scope
  /** Undefined where Claviger is not installed, or nobody may look. */
  readonly installation: Installation | undefined
  readonly backend: Backend
  /** Of the installed webhook, else the program's own. */
  readonly defaults: WebhookDefaults
  /** Whether the installed webhook's arguments could be read. */
  readonly knowsDefaults: boolean
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** The pod that is examined in depth: one that there is, or one that its template would make. */
export interface Subject {
  readonly pod: V1Pod
  readonly namespace: string
  /** `Pod demo/app-x`. */
  readonly name: string
}

export function nameObject(kind: string, object: V1Pod | V1Deployment): string {
  const { namespace = '', name = '' } = object.metadata ?? {}
  return `${kind} ${namespace}/${name}`
}
