/** kubectl with the administrator's kubeconfig. */
import { join } from 'node:path'
import { type Finished, runCommand, tryCommand } from '../commands.ts'
import { paths } from '../settings.ts'

export interface Kubectl {
  /** Standard output; a failure is an error. */
  readonly run: (args: readonly string[], input?: string) => Promise<string>
  readonly tryRun: (args: readonly string[], input?: string) => Promise<Finished>
}

export function openKubectl(kubeconfig: string): Kubectl {
  const command = (args: readonly string[], input: string | undefined) => ({
    program: join(paths.binaries, 'kubectl'),
    args: [`--kubeconfig=${kubeconfig}`, `--cache-dir=${join(paths.state, 'discovery')}`, ...args],
    ...(input !== undefined && { input }),
  })
  return {
    run: (args, input) => runCommand(command(args, input)),
    tryRun: (args, input) => tryCommand(command(args, input)),
  }
}
