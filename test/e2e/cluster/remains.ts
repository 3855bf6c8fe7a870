/** Removes what containers leave behind once the programs that ran them are gone: processes, mounts, cgroups, files. */
import { readdirSync, readFileSync, readlinkSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { tryCommand } from '../commands.ts'
import { paths } from '../settings.ts'
import { removeNetwork } from './network.ts'
import { killProcess, stopRecorded } from './processes.ts'

/** Ends every process of this run, or of one that crashed, and removes all its state. Safe to call at any time. */
export async function removeCluster(): Promise<void> {
  await stopRecorded()
  for (const pid of [...findContainerProcesses(), ...findShims()]) await killProcess(pid)
  await unmountAll()
  removeCgroups()
  await removeNetwork()
  removeStrayFiles()
  rmSync(paths.state, { recursive: true, force: true })
}

/** Our containers' processes are those whose root file system lies in our containerd's directory. */
function findContainerProcesses(): number[] {
  return findProcesses('mounts', (mounts) =>
    (mounts.split('\n')[0] ?? '').includes(`=${paths.containerd}/`),
  )
}

/** Our shims are those that were told our containerd's socket. */
function findShims(): number[] {
  return findProcesses('cmdline', (line) => {
    const [program = '', ...args] = line.split('\0')
    return program.includes('containerd-shim') && args.includes(paths.containerdSocket)
  })
}

function findProcesses(file: string, matches: (text: string) => boolean): number[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger)
  return pids.filter((pid) => {
    try {
      return matches(readFileSync(`/proc/${pid}/${file}`, 'utf8'))
    } catch {
      return false
    }
  })
}

/** Pods' volumes and network namespaces, and what buildah leaves mounted in its store. */
async function unmountAll(): Promise<void> {
  const ours = [`${paths.state}/`, `${paths.imageStore}/`]
  const targets = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((target) => ours.some((directory) => target.startsWith(directory)))
  for (const target of targets.reverse()) {
    await tryCommand({ program: 'umount', args: ['--lazy', target] })
  }
}

/** What kubelet, containerd's shims and libcni write to fixed places, told apart by the directory it names. */
function removeStrayFiles(): void {
  removeWhere('/var/log/containers', (file) => readlinkSync(file).startsWith(`${paths.state}/`))
  removeWhere('/var/lib/cni/results', (file) => readFileSync(file, 'utf8').includes(paths.state))
  const sockets = readFileSync('/proc/net/unix', 'utf8')
  removeWhere('/run/containerd/s', (file) => !sockets.includes(file))
  const runc = '/run/containerd/runc/k8s.io'
  removeWhere(runc, (directory) => {
    return readFileSync(join(directory, 'state.json'), 'utf8').includes(paths.containerd)
  })
}

function removeWhere(directory: string, isOurs: (path: string) => boolean): void {
  for (const name of listDirectory(directory)) {
    const path = join(directory, name)
    try {
      if (isOurs(path)) rmSync(path, { recursive: true })
    } catch {
      // Unreadable, or of another kind than ours: not ours.
    }
  }
}

function listDirectory(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

function removeCgroups(): void {
  for (const controller of readdirSync('/sys/fs/cgroup')) {
    removeCgroup(join('/sys/fs/cgroup', controller, 'kubepods'))
  }
  removeCgroup('/sys/fs/cgroup/kubepods')
}

/** A cgroup is removed by rmdir, its children first; one that still has processes stays. */
function removeCgroup(path: string): void {
  try {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.isDirectory()) removeCgroup(join(path, entry.name))
    }
    rmdirSync(path)
  } catch {
    // Never made, or not ours to remove.
  }
}
