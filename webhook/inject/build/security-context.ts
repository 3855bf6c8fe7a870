/** The security context of the agent containers. */
import type { Identity } from '../settings/identity.ts'
import type { InjectionSettings } from '../settings/settings.ts'

/** What the Pod Security Standard `restricted` asks of a container unless the pod wants root, and a read-only root. */
export function buildSecurityContext(
  { user, group }: Identity,
  { profile }: InjectionSettings,
): Readonly<Record<string, unknown>> {
  return {
    // vault-k8s counts the group of root as root.
    runAsNonRoot: user !== 0 && (group !== 0 || !profile.lenient),
    ...(user === 'auto' ? {} : { runAsUser: user }),
    ...(group === 'auto' ? {} : { runAsGroup: group }),
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
    ...(profile.seccomp ? { seccompProfile: { type: 'RuntimeDefault' } } : {}),
  }
}
