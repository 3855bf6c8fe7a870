/** Whether pods are injected, asked of the API server itself by a pod that it need not make. */
import { ApiException, type CoreV1Api, type V1Pod } from '@kubernetes/client-node'
import type { Clock } from '../../core/clock.ts'
import { annotations, injectedStatus } from '../inject/annotations/annotations.ts'
import { agentContainerNames } from '../inject/build/containers.ts'

export interface InjectionCheck {
  readonly api: Pick<CoreV1Api, 'createNamespacedPod'>
  /** Where pods may be injected, and where the caller may make some. */
  readonly namespace: string
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** Understood in every profile. */
const prefix = 'vault.hashicorp.com/'
const attempts = 30
const intervalMs = 1_000

/** What is wrong, or undefined. */
export async function checkInjection(check: InjectionCheck): Promise<string | undefined> {
  const { api, namespace, clock, signal } = check
  for (let attempt = 1; ; attempt++) {
    try {
      return judge(await api.createNamespacedPod({ namespace, body: pod, dryRun: 'All' }))
    } catch (thrown) {
      const message = readMessage(thrown)
      // A namespace gets its ServiceAccount a moment after it is made.
      if (!message.includes('serviceaccount') || attempt === attempts || signal.aborted) {
        return `the API server refused a pod that asks for injection: ${message}`
      }
      await clock.sleep(intervalMs, signal)
    }
  }
}

const pod: V1Pod = {
  metadata: {
    generateName: 'check-',
    annotations: {
      [prefix + annotations.inject.key]: 'true',
      // That of its ServiceAccount, which policies usually allow. Nobody logs in.
      [prefix + annotations.role.key]: 'default',
    },
  },
  spec: {
    containers: [
      {
        name: 'app',
        image: 'none',
        securityContext: {
          allowPrivilegeEscalation: false,
          runAsNonRoot: true,
          capabilities: { drop: ['ALL'] },
          seccompProfile: { type: 'RuntimeDefault' },
        },
      },
    ],
  },
}

function judge({ metadata, spec }: V1Pod): string | undefined {
  const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])]
  const names: readonly string[] = Object.values(agentContainerNames)
  const isInjected = containers.some(({ name }) => names.includes(name))
  const isMarked = metadata?.annotations?.[prefix + annotations.status.key] === injectedStatus
  if (isInjected && isMarked) return undefined
  return (
    'a pod that asks for injection came back without an agent: no webhook was called, or none answered. ' +
    'See whether the webhook’s pods are ready, whether the MutatingWebhookConfiguration has a caBundle, and whether its selectors cover the namespace'
  )
}

function readMessage(thrown: unknown): string {
  if (!(thrown instanceof ApiException)) return String(thrown)
  const text = typeof thrown.body === 'string' ? thrown.body : JSON.stringify(thrown.body)
  try {
    return String(JSON.parse(text).message)
  } catch {
    return `status ${thrown.code}`
  }
}
