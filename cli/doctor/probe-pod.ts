/** The smallest pod that asks for an agent; it is only ever created in dry runs. */
import type { V1Pod } from '@kubernetes/client-node'
import { makePod } from './subject.ts'

/** Fit for namespaces that admit restricted pods only. */
export function probePod(namespace: string): V1Pod {
  const annotations = {
    'vault.hashicorp.com/agent-inject': 'true',
    'vault.hashicorp.com/role': 'claviger-doctor',
    'vault.hashicorp.com/agent-inject-secret-doctor': 'secret/data/claviger-doctor',
  }
  const container = {
    name: 'app',
    image: 'claviger-doctor',
    resources: { requests: { cpu: '1m', memory: '1Mi' }, limits: { cpu: '1m', memory: '1Mi' } },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
  }
  const securityContext = {
    runAsNonRoot: true,
    runAsUser: 1000,
    seccompProfile: { type: 'RuntimeDefault' },
  }
  return makePod({ annotations }, { containers: [container], securityContext }, namespace)
}
