/** containerd with directories of its own, so that it disturbs no other one on this machine. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand, tryCommand } from '../commands.ts'
import { until } from '../polling.ts'
import { images, paths } from '../settings.ts'
import type { Processes } from './processes.ts'

export async function startContainerd(processes: Processes, signal: AbortSignal): Promise<void> {
  mkdirSync(paths.containerd, { recursive: true })
  const file = join(paths.containerd, 'config.toml')
  writeFileSync(file, configuration())
  processes.start({ name: 'containerd', program: 'containerd', args: ['--config', file] })
  await until({
    what: 'containerd',
    signal,
    probe: async () => {
      processes.check()
      const { status } = await tryCommand(ctr(['version']))
      return status === 0 || undefined
    },
  })
}

export async function importImage(archive: string): Promise<void> {
  await runCommand(ctr(['image', 'import', archive]))
}

function ctr(args: readonly string[]) {
  const address = ['--address', paths.containerdSocket, '--namespace', 'k8s.io']
  return { program: 'ctr', args: [...address, ...args] }
}

/** No image is pulled, so the pause image is a local one; there is no systemd and no hugetlb cgroup. */
function configuration(): string {
  return `version = 2
root = "${join(paths.containerd, 'root')}"
state = "${join(paths.containerd, 'state')}"

[grpc]
  address = "${paths.containerdSocket}"

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${images.app}"
  restrict_oom_score_adj = true
  disable_hugetlb_controller = true
  netns_mounts_under_state_dir = true

[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "/usr/lib/cni"
  conf_dir = "${paths.cni}"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
  SystemdCgroup = false
`
}
