/** Examines whether the store answers from here, and in which state it is. */
import { AppError } from '../../core/errors.ts'
import { isCertificateFault } from '../cluster/refusal.ts'
import type { PodState } from '../status/read-pods.ts'
import { type Failure, failed, passed, type Result, skipped } from './result.ts'
import type { StoreConnection } from './store-client.ts'

/** Asks for 200 in every state, so that the state is an answer. Source: Vault, sys/health. */
const anyState: readonly (readonly [string, string])[] = [
  ['standbyok', 'true'],
  ['perfstandbyok', 'true'],
  ['sealedcode', '200'],
  ['uninitcode', '200'],
  ['drsecondarycode', '200'],
]

export interface Health {
  readonly results: readonly Result[]
  /** Whether there is any use in asking for more. */
  readonly usable: boolean
}

/** `states` are agents that use it: where one of them is well, a store that does not answer here is none of its faults. */
export async function examineHealth(
  { client, place }: StoreConnection,
  states: readonly PodState[],
): Promise<Health> {
  const subject = place.address
  try {
    const health = await client.read('sys/health', { query: anyState, namespace: '' })
    const reached = [passed('store-unreachable', subject), passed('store-untrusted')]
    const state = health.get('initialized') === false ? 'not initialised' : 'sealed'
    if (state === 'sealed' && health.get('sealed') !== true) {
      return { usable: true, results: [...reached, passed('store-sealed')] }
    }
    const command = state === 'sealed' ? 'vault operator unseal' : 'vault operator init'
    const failure = failed('store-sealed', { subject, detail: state, command })
    return { usable: false, results: [...reached, failure] }
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    return { usable: false, results: [explain(thrown, place, states)] }
  }
}

function explain(
  error: AppError,
  place: StoreConnection['place'],
  states: readonly PodState[],
): Result {
  const cause = String(error.facts['cause'] ?? error.facts['status'] ?? error.facts['reason'] ?? '')
  const isUntrusted = isCertificateFault(cause)
  const failure: Omit<Failure, 'kind' | 'check'> = { subject: place.address, detail: cause }
  if (isUntrusted && place.caInPod !== undefined) {
    const reason = `its CA lies in the pod, at ${place.caInPod}; VAULT_CACERT names a copy of it here`
    return skipped('store-untrusted', reason)
  }
  if (isUntrusted) return failed('store-untrusted', failure)
  const isWell = ({ report }: PodState) =>
    report.kind === 'said' && report.status.ready && report.status.loginFailure === undefined
  if (states.some(isWell)) {
    const reason = `${place.address} does not answer here (${cause}), but agents in the cluster reach it; -vault-address names a way from here`
    return skipped('store-unreachable', reason)
  }
  const command = `claviger doctor -vault-address=URL, where ${place.address} has another address from here`
  return failed('store-unreachable', { ...failure, command })
}
