/** `claviger` as it is shipped, with the administrator's kubeconfig, and its modules where a test needs more than its flags. */
import { join } from 'node:path'
import type { Cluster } from '../../../cli/cluster/cluster.ts'
import { openCluster } from '../../../cli/cluster/connect.ts'
import { type Finished, tryCommand } from '../commands.ts'
import { repository } from '../settings.ts'
import { namespace } from '../vault/setup.ts'
import type { Machine } from './machine.ts'

export function runClaviger(
  { context }: Machine,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  return tryCommand({
    program: process.execPath,
    args: [join(repository, 'dist/claviger.cjs'), ...words],
    environment: { KUBECONFIG: context.kubeconfig, ...environment },
  })
}

export function openCommandLine({ context }: Machine): Cluster {
  const { kubeconfig } = context
  const choice = { kubeconfig, context: undefined, namespace, allNamespaces: false }
  return openCluster(choice, { variables: {} })
}
