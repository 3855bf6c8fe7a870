/** The security context of the agent containers. */
import type { V1SecurityContext } from '@kubernetes/client-node'
import type { Identity } from './settings/identity.ts'

/** What the Pod Security Standard `restricted` asks of a container unless the pod wants root, and a read-only root. */
export function buildSecurityContext({ user, group }: Identity): V1SecurityContext {
  return {
    runAsNonRoot: user !== 0,
    runAsUser: user,
    runAsGroup: group,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
    seccompProfile: { type: 'RuntimeDefault' },
  }
}
