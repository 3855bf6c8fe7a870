/** Evictions of pods, which respect PodDisruptionBudgets. */
import type { KubeConfig } from '@kubernetes/client-node'
import { ask, Refusal, report } from './ask.ts'

export interface PodIdentity {
  readonly namespace: string
  readonly name: string
  /** Another pod of the same name is never evicted in its place. */
  readonly uid: string
}

/** `blocked` by a PodDisruptionBudget or by rate limits, and worth another attempt later; `gone` when there is no such pod any more. */
export type EvictionResult = 'evicted' | 'blocked' | 'gone'

/** Rejects with `kubernetes_refused`. */
export type Evict = (pod: PodIdentity, signal: AbortSignal) => Promise<EvictionResult>

const answerMs = 30_000

/** Needs `create` on pods/eviction. */
export function createEvict(config: KubeConfig): Evict {
  return ({ namespace, name, uid }, signal) =>
    report('evict pod', async () => {
      const path = `/api/v1/namespaces/${namespace}/pods/${name}/eviction`
      const body = JSON.stringify({
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { namespace, name },
        deleteOptions: { preconditions: { uid } },
      })
      const accept = 'application/json'
      try {
        const question = {
          method: 'POST',
          path,
          accept,
          body,
          signal,
          silenceMs: answerMs,
        } as const
        const response = await ask(config, question)
        response.resume()
        return 'evicted'
      } catch (thrown) {
        if (!(thrown instanceof Refusal)) throw thrown
        if (thrown.status === 429) return 'blocked'
        // 409: the uid is another one's.
        if (thrown.status === 404 || thrown.status === 409) return 'gone'
        throw thrown
      }
    })
}
