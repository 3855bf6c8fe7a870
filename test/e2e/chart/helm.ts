/** Helm against the running cluster. */
import { join } from 'node:path'
import { type Finished, tryCommand } from '../commands.ts'
import { paths } from '../settings.ts'
import type { Machine } from '../support/machine.ts'

export function tryHelm({ context }: Machine, args: readonly string[]): Promise<Finished> {
  return tryCommand({
    program: join(paths.binaries, 'helm'),
    args,
    environment: {
      KUBECONFIG: context.kubeconfig,
      HELM_CACHE_HOME: join(paths.state, 'helm'),
      HELM_CONFIG_HOME: join(paths.state, 'helm'),
      HELM_DATA_HOME: join(paths.state, 'helm'),
    },
  })
}

/** What it prints; a failure is an error. */
export async function runHelm(machine: Machine, args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await tryHelm(machine, args)
  if (status === 0) return stdout
  throw new Error(`helm ${args.join(' ')}: exit status ${status}\n${stdout}${stderr}`.slice(-4000))
}
