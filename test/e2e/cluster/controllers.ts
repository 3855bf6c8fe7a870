/** The controller manager and the scheduler, both acting as administrator: their own RBAC is not under test. */
import { join } from 'node:path'
import { paths } from '../settings.ts'
import type { Certificates } from './certificates.ts'
import type { Processes } from './processes.ts'

export function startControllers(
  processes: Processes,
  certificates: Certificates,
  kubeconfig: string,
): void {
  const shared = [`--kubeconfig=${kubeconfig}`, '--leader-elect=false', '--secure-port=0']
  processes.start({
    name: 'kube-controller-manager',
    program: join(paths.binaries, 'kube-controller-manager'),
    args: [
      ...shared,
      `--root-ca-file=${certificates.authority.certificate}`,
      `--service-account-private-key-file=${certificates.serviceAccountKey}`,
    ],
  })
  processes.start({
    name: 'kube-scheduler',
    program: join(paths.binaries, 'kube-scheduler'),
    args: shared,
  })
}
