/** The Kubernetes API server. */
import { join } from 'node:path'
import { until } from '../polling.ts'
import { etcdUrl, network, paths } from '../settings.ts'
import type { Certificates } from './certificates.ts'
import type { Kubectl } from './kubectl.ts'
import type { Processes } from './processes.ts'

/** Of the tokens that pods show. */
export const serviceAccountIssuer = 'https://kubernetes.default.svc.cluster.local'

export interface ApiServerParts {
  readonly processes: Processes
  readonly certificates: Certificates
  readonly kubectl: Kubectl
  readonly signal: AbortSignal
}

export async function startApiServer(parts: ApiServerParts): Promise<void> {
  const { processes, certificates, kubectl, signal } = parts
  processes.start({
    name: 'kube-apiserver',
    program: join(paths.binaries, 'kube-apiserver'),
    args: apiServerFlags(certificates),
  })
  await until({
    what: 'the API server',
    signal,
    probe: async () => {
      processes.check()
      await kubectl.run(['get', '--raw', '/readyz'])
      return true
    },
  })
}

function apiServerFlags(certificates: Certificates): string[] {
  return [
    `--etcd-servers=${etcdUrl}`,
    `--bind-address=${network.apiServer}`,
    `--advertise-address=${network.apiServer}`,
    '--secure-port=443',
    `--service-cluster-ip-range=${network.serviceRange}`,
    `--tls-cert-file=${certificates.apiServer.certificate}`,
    `--tls-private-key-file=${certificates.apiServer.key}`,
    `--client-ca-file=${certificates.authority.certificate}`,
    `--kubelet-client-certificate=${certificates.admin.certificate}`,
    `--kubelet-client-key=${certificates.admin.key}`,
    '--kubelet-preferred-address-types=InternalIP',
    `--service-account-issuer=${serviceAccountIssuer}`,
    `--service-account-key-file=${certificates.serviceAccountKey}`,
    `--service-account-signing-key-file=${certificates.serviceAccountKey}`,
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    '--allow-privileged=true',
    // Asks etcd for what Debian's 3.4 cannot answer, again and again.
    '--feature-gates=SizeBasedListCostEstimate=false',
    // Calls webhooks at their pods' addresses: there is no kube-proxy that would serve the Service's own.
    '--enable-aggregator-routing=true',
  ]
}
