/** Helm against the running cluster. */
import { join } from 'node:path'
import { helmEnvironment } from '../claviger.ts'
import { type Finished, tryCommand } from '../commands.ts'
import { paths } from '../settings.ts'
import type { Machine } from '../support/machine.ts'

export function tryHelm({ context }: Machine, args: readonly string[]): Promise<Finished> {
  return tryCommand({
    program: join(paths.binaries, 'helm'),
    args,
    environment: helmEnvironment(context.kubeconfig),
  })
}

/** What it prints; a failure is an error. */
export async function runHelm(machine: Machine, args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await tryHelm(machine, args)
  if (status === 0) return stdout
  throw new Error(`helm ${args.join(' ')}: exit status ${status}\n${stdout}${stderr}`.slice(-4000))
}
