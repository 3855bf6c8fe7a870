/** Where the test machine's parts live and listen: nothing else in this folder names a path or an address. */
import { join } from 'node:path'

export const repository = join(import.meta.dirname, '../..')

const cache = join(import.meta.dirname, '.cache')
const state = '/var/lib/claviger-e2e'

export const paths = {
  /** Survives runs: binaries, image archives, buildah's layers. */
  cache,
  binaries: join(cache, 'bin'),
  archives: join(cache, 'images'),
  imageStore: join(cache, 'image-store'),
  context: join(cache, 'context.json'),
  /** Kept only when a run failed. */
  logs: join(import.meta.dirname, '.logs'),
  /** Lives as long as one run; short, because the path of a Unix socket may have 107 bytes. */
  state,
  /** Pids of what a run started, so that the next one can end what a crash left behind. */
  started: join(state, 'started.json'),
  certificates: join(state, 'certificates'),
  containerd: join(state, 'containerd'),
  containerdSocket: join(state, 'containerd.sock'),
  kubelet: join(state, 'kubelet'),
  podLogs: join(state, 'pods'),
  cni: join(state, 'cni'),
  /** Data, and the socket of the superuser. */
  postgresql: join(state, 'postgresql'),
} as const

/**
 * One bridge carries the node's address and the first service address. The API server listens on the latter, so pods
 * reach `KUBERNETES_SERVICE_HOST` without kube-proxy.
 */
export const network = {
  bridge: 'claviger0',
  name: 'claviger-e2e',
  node: '10.213.0.1',
  podRange: '10.213.0.0/24',
  firstPod: '10.213.0.10',
  serviceRange: '10.214.0.0/24',
  apiServer: '10.214.0.1',
} as const

export const nodeName = 'e2e-node'
export const apiServerUrl = `https://${network.apiServer}`
export const etcdUrl = `http://${network.node}:2379`
export const vaultUrl = `http://${network.node}:8200`
export const postgresql = { host: network.node, port: '15432' } as const

export const images = {
  /** Stand-ins, made from files of this machine, for the public base images of the Dockerfiles. */
  node: 'localhost/claviger-e2e/node:1',
  runtime: 'localhost/claviger-e2e/runtime:1',
  /**
   * A shell and the usual small commands, for the tests' applications and every pod's pause container. It has the name of the
   * image in manifests/examples, so that those run unchanged.
   */
  app: 'docker.io/library/busybox:1.37',
  webhook: 'localhost/claviger-webhook:e2e',
  agent: 'localhost/claviger-agent:e2e',
  /** The same with a shell and the names of Vault's program. */
  compatibleAgent: 'localhost/claviger-vault-agent:e2e',
} as const
