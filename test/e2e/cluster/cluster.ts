/** The whole cluster, in the order in which its parts need each other. */
import type { Phase } from '../phases.ts'
import { startApiServer } from './api-server.ts'
import { type Certificates, makeCertificates, writeKubeconfig } from './certificates.ts'
import { startContainerd } from './containerd.ts'
import { startControllers } from './controllers.ts'
import { startEtcd } from './etcd.ts'
import { type Kubectl, openKubectl } from './kubectl.ts'
import { startKubelet } from './kubelet.ts'
import { createNetwork } from './network.ts'
import type { Processes } from './processes.ts'

export interface Cluster {
  readonly certificates: Certificates
  readonly kubeconfig: string
  readonly kubectl: Kubectl
}

export interface ClusterParts {
  readonly processes: Processes
  readonly phase: Phase
  readonly signal: AbortSignal
}

export async function startCluster({ processes, phase, signal }: ClusterParts): Promise<Cluster> {
  const certificates = await makeCertificates()
  const kubeconfig = writeKubeconfig('admin', certificates.admin, certificates.authority)
  const kubectl = openKubectl(kubeconfig)
  await createNetwork()
  await phase('etcd and API server', async () => {
    await startEtcd(processes, signal)
    await startApiServer({ processes, certificates, kubectl, signal })
  })
  startControllers(processes, certificates, kubeconfig)
  await phase('containerd and kubelet', async () => {
    await startContainerd(processes, signal)
    await startKubelet({ processes, certificates, kubectl, signal })
  })
  return { certificates, kubeconfig, kubectl }
}
