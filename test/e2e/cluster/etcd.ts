/** etcd, the API server's store. */
import { join } from 'node:path'
import { until } from '../polling.ts'
import { etcdUrl, network, paths } from '../settings.ts'
import type { Processes } from './processes.ts'

export async function startEtcd(processes: Processes, signal: AbortSignal): Promise<void> {
  const peer = `http://${network.node}:2380`
  processes.start({
    name: 'etcd',
    program: 'etcd',
    args: [
      `--data-dir=${join(paths.state, 'etcd')}`,
      `--listen-client-urls=${etcdUrl}`,
      `--advertise-client-urls=${etcdUrl}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
      '--unsafe-no-fsync',
      '--logger=zap',
      '--log-level=warn',
    ],
  })
  await until({
    what: 'etcd',
    signal,
    probe: async () => {
      processes.check()
      return (await fetch(`${etcdUrl}/health`)).ok || undefined
    },
  })
}
