/** The kubelet: the machine as the cluster's one node. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../polling.ts'
import { network, nodeName, paths } from '../settings.ts'
import { type Certificates, writeKubeconfig } from './certificates.ts'
import type { Kubectl } from './kubectl.ts'
import type { Processes } from './processes.ts'

export interface KubeletParts {
  readonly processes: Processes
  readonly certificates: Certificates
  readonly kubectl: Kubectl
  readonly signal: AbortSignal
}

export async function startKubelet(parts: KubeletParts): Promise<void> {
  const { processes, certificates, kubectl, signal } = parts
  mkdirSync(paths.kubelet, { recursive: true })
  const config = join(paths.kubelet, 'config.json')
  writeFileSync(config, JSON.stringify(configuration(certificates), null, 2))
  const kubeconfig = writeKubeconfig('kubelet', certificates.kubelet, certificates.authority)
  processes.start({
    name: 'kubelet',
    program: join(paths.binaries, 'kubelet'),
    args: [
      `--config=${config}`,
      `--kubeconfig=${kubeconfig}`,
      `--root-dir=${paths.kubelet}`,
      `--cert-dir=${join(paths.kubelet, 'pki')}`,
      `--hostname-override=${nodeName}`,
      `--node-ip=${network.node}`,
    ],
  })
  await until({
    what: 'the node to be ready',
    signal,
    probe: async () => {
      processes.check()
      const jsonPath = '{.status.conditions[?(@.type=="Ready")].status}'
      const ready = await kubectl.run(['get', 'node', nodeName, '-o', `jsonpath=${jsonPath}`])
      return ready === 'True' || undefined
    },
  })
}

function configuration(certificates: Certificates) {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: network.node,
    healthzBindAddress: network.node,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: certificates.authority.certificate },
    },
    authorization: { mode: 'Webhook' },
    containerRuntimeEndpoint: `unix://${paths.containerdSocket}`,
    cgroupDriver: 'cgroupfs',
    failCgroupV1: false,
    failSwapOn: false,
    localStorageCapacityIsolation: false,
    makeIPTablesUtilChains: false,
    evictionHard: { 'memory.available': '50Mi', 'nodefs.available': '1%' },
    podLogsDir: paths.podLogs,
    volumePluginDir: join(paths.kubelet, 'volume-plugins'),
  }
}
