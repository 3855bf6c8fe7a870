/** The part of the official client that is used. A bundle of its own, dist/kubernetes-client.cjs: verbs that need no cluster never load it. */
export { Exec, KubeConfig, PortForward } from '@kubernetes/client-node'
