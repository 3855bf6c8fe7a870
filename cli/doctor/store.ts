/** Examines the store from the pod's side: whether it answers, lets the pod in, and gives it what it asks for. */
import { readPodAgent } from '../cluster/pod-agent.ts'
import type { CheckId } from './checks.ts'
import type { Examination, Subject } from './examination.ts'
import { examineLogin } from './pod-login.ts'
import { attempt, type Result, skipped } from './result.ts'
import { connectStore, describePlace, type StoreOptions, type StorePlace } from './store-client.ts'
import { examineHealth } from './store-health.ts'
import { injectPod, viewNamespace } from './subject.ts'

/** Without a subject the store of the webhook's defaults is asked for its health alone. */
export async function examineStore(
  examination: Examination,
  subject: Subject | undefined,
  options: StoreOptions,
): Promise<readonly Result[]> {
  const checks: readonly CheckId[] = ['store-unreachable']
  return attempt(checks, async () => {
    if (subject === undefined) return examineDefault(examination, options)
    const view = await viewNamespace(examination.cluster, subject.namespace)
    const pod = injectPod(subject.pod, view, examination)
    const agent =
      pod === undefined
        ? { kind: 'unknown' as const, reason: 'the webhook would not inject the pod' }
        : await readPodAgent(pod)
    if (agent.kind === 'unknown') return [skipped('store-unreachable', agent.reason)]
    const { config } = agent.value
    if (config.auth === undefined && config.own.stores.size > 0) {
      return [skipped('store-unreachable', 'the pod reads nothing from its own Vault')]
    }
    const place = describePlace(config, options.address)
    const store = connectStore(place, options.variables)
    const health = await examineHealth(store, options.states)
    if (!health.usable) return health.results
    const found = await examineLogin({ examination, subject, agent: agent.value, store }, options)
    return [...health.results, ...found]
  })
}

async function examineDefault(
  { defaults, knowsDefaults }: Examination,
  { address, variables, states }: StoreOptions,
): Promise<readonly Result[]> {
  if (!knowsDefaults && address === undefined) {
    return [
      skipped(
        'store-unreachable',
        'the arguments of the webhook are not known; -vault-address names a store',
      ),
    ]
  }
  if (address === undefined && defaults.address === '') {
    return [
      skipped(
        'store-unreachable',
        'the webhook has no address of Vault: its pods have other stores',
      ),
    ]
  }
  const place: StorePlace = {
    address: address ?? defaults.address,
    namespace: undefined,
    loginNamespace: undefined,
    ca: defaults.caCert,
    caInPod: undefined,
    serverName: undefined,
    skipVerify: false,
  }
  return (await examineHealth(connectStore(place, variables), states)).results
}
