/** Disarms webhook and policy together, and arms them again. */
import type { Cluster } from '../cluster/cluster.ts'
import { findInstallation, type InstallationChoice } from '../cluster/installation.ts'
import { hasStatus } from '../cluster/refusal.ts'
import { read } from '../manifests/objects.ts'
import {
  buildPatch,
  type Disarming,
  type Guard,
  guardOfPolicy,
  guardOfWebhooks,
} from './condition.ts'

/** Others write the same objects, the CA bundle for example: then the objects are read again. */
const attempts = 5

/** The webhooks first. Throws `not_installed` and what the API server refuses. */
export async function readGuards(
  cluster: Cluster,
  choice: InstallationChoice,
): Promise<readonly Guard[]> {
  const { webhooks, policy } = await findInstallation(cluster, choice)
  return [guardOfWebhooks(webhooks), ...(policy === undefined ? [] : [guardOfPolicy(policy)])]
}

/** Undefined arms. Nothing is changed unless everything may be: each patch is tried without effect first. */
export async function changeGuards(
  cluster: Cluster,
  choice: InstallationChoice,
  disarming: Disarming | undefined,
): Promise<readonly Guard[]> {
  for (let left = attempts; ; left--) {
    const guards = await readGuards(cluster, choice)
    try {
      for (const dryRun of [true, false]) {
        for (const guard of guards) {
          const operations = buildPatch(guard, disarming)
          await cluster.patch(guard.resource, { name: guard.name, operations, dryRun })
        }
      }
      return guards
    } catch (thrown) {
      const isChanged = hasStatus(thrown, 409) || hasStatus(thrown, 422)
      if (!isChanged || left <= 1) throw thrown
    }
  }
}

export interface Caller {
  readonly user: string
  /** Milliseconds since the epoch, by the clock of the API server, which decides when a time has come. */
  readonly now: number
}

/** Who asks, and when; `localNow` stands in where the API server does not say. */
export async function readCaller(cluster: Cluster, localNow: number): Promise<Caller> {
  const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }
  const { body } = await cluster.create('selfsubjectreviews', { body: review })
  const user = read(body, ['status', 'userInfo', 'username'])
  const now = Date.parse(String(read(body, ['metadata', 'creationTimestamp'])))
  return {
    user: typeof user === 'string' ? user : cluster.user,
    now: Number.isNaN(now) ? localNow : now,
  }
}
