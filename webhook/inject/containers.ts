/** The agent containers. */
import type { V1Container } from '@kubernetes/client-node'
import { buildEnv } from './env.ts'
import { buildResources } from './resources.ts'
import { buildSecurityContext } from './security-context.ts'
import type { InjectionSettings } from './settings.ts'
import { buildAgentMounts } from './volumes.ts'

/** Source: vault-k8s, the names of its containers. */
export const agentContainerNames = { init: 'vault-agent-init', sidecar: 'vault-agent' } as const

/** The init container renders everything once and exits; the sidecar keeps it fresh. */
export function buildAgentContainer(
  settings: InjectionSettings,
  role: keyof typeof agentContainerNames,
): V1Container {
  return {
    name: agentContainerNames[role],
    image: settings.image,
    ...(settings.imagePullPolicy === undefined
      ? {}
      : { imagePullPolicy: settings.imagePullPolicy }),
    args: ['agent'],
    env: [...buildEnv(settings, { init: role === 'init' })],
    resources: buildResources(settings.resources),
    ...(settings.identity === undefined
      ? {}
      : { securityContext: buildSecurityContext(settings.identity) }),
    volumeMounts: [...buildAgentMounts(settings)],
  }
}
