/** The command that makes a pod anew. */
import type { V1Pod } from '@kubernetes/client-node'

/** Through its workload where it has one that can be restarted. */
export function describeMending({ metadata }: V1Pod): string {
  const { namespace = '', name = '', labels = {} } = metadata ?? {}
  const owner = metadata?.ownerReferences?.find(({ controller }) => controller === true)
  const restart = (kind: string, workload: string) =>
    `kubectl --namespace=${namespace} rollout restart ${kind}/${workload}`
  switch (owner?.kind) {
    case 'ReplicaSet': {
      // Source: Kubernetes, the name of a ReplicaSet is that of its Deployment and the hash.
      const hash = labels['pod-template-hash']
      const isOfDeployment = hash !== undefined && owner.name.endsWith(`-${hash}`)
      if (isOfDeployment) return restart('deployment', owner.name.slice(0, -hash.length - 1))
      break
    }
    case 'StatefulSet':
    case 'DaemonSet':
      return restart(owner.kind.toLowerCase(), owner.name)
    case undefined:
      return `kubectl --namespace=${namespace} delete pod/${name}, and create it again`
  }
  return `kubectl --namespace=${namespace} delete pod/${name}`
}
