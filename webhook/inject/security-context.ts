/** The security context of the agent containers. */
import type { V1SecurityContext } from '@kubernetes/client-node'
import type { Profile } from './profiles.ts'

/** What the Pod Security Standard `restricted` asks of a container, and a read-only root. */
export function buildSecurityContext({ runAsUser, runAsGroup }: Profile): V1SecurityContext {
  return {
    runAsNonRoot: true,
    runAsUser,
    runAsGroup,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
    seccompProfile: { type: 'RuntimeDefault' },
  }
}
