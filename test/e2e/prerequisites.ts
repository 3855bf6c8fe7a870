/** What the suite needs from the machine: says everything that is missing at once, then installs what apt can give. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { runCommand, tryCommand } from './commands.ts'

/** Debian package and one file that tells that it is there. */
const packages: readonly (readonly [string, string])[] = [
  ['etcd-server', '/usr/bin/etcd'],
  ['containerd', '/usr/bin/containerd'],
  ['runc', '/usr/sbin/runc'],
  ['containernetworking-plugins', '/usr/lib/cni/bridge'],
  ['buildah', '/usr/bin/buildah'],
  ['binutils', '/usr/bin/strip'],
  ['gcc', '/usr/bin/gcc'],
  ['libc6-dev', '/usr/include/stdio.h'],
  // The package busybox has the same program, linked dynamically, which is of no use in an image.
  ['busybox-static', '/usr/share/doc/busybox-static/copyright'],
  ['coreutils', '/usr/bin/printenv'],
  ['openssl', '/usr/bin/openssl'],
  ['iproute2', '/usr/sbin/ip'],
  ['ca-certificates', '/etc/ssl/certs/ca-certificates.crt'],
  ['strace', '/usr/bin/strace'],
  ['unzip', '/usr/bin/unzip'],
  ['mariadb-server', '/usr/sbin/mariadbd'],
  // The client alone has files below /usr/lib/postgresql, too.
  ['postgresql', '/usr/share/doc/postgresql/copyright'],
  ['python3-venv', '/usr/share/doc/python3-venv/copyright'],
]

const oldestGo = [1, 25] as const
const controllers = ['cpu', 'cpuacct', 'cpuset', 'memory', 'devices', 'pids']

/** Throws one error that lists everything the machine lacks and this suite cannot install. */
export async function checkMachine(): Promise<void> {
  const problems = [
    process.platform === 'linux' ? undefined : `Linux (this is ${process.platform})`,
    process.getuid?.() === 0 ? undefined : 'root: a kubelet mounts volumes and makes cgroups',
    missingCgroups(),
    await missingGo(),
    await missingPackageManager(),
    existsSync('/proc/self/ns/net') ? undefined : 'network namespaces in the kernel',
    readText('/proc/filesystems').includes('overlay') ? undefined : 'overlayfs in the kernel',
  ].filter((problem) => problem !== undefined)
  if (problems.length > 0) {
    throw new Error(
      `this machine lacks:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    )
  }
}

export async function installPackages(): Promise<void> {
  const missing = missingPackages()
  if (missing.length === 0) return
  const apt = (...args: string[]) =>
    runCommand({
      program: 'apt-get',
      args: ['-o', 'DPkg::Lock::Timeout=300', '--quiet', ...args],
      environment: { DEBIAN_FRONTEND: 'noninteractive' },
    })
  await apt('update')
  await apt('install', '--yes', '--no-install-recommends', ...missing)
}

function missingPackages(): string[] {
  return packages.filter(([, file]) => !existsSync(file)).map(([name]) => name)
}

function missingCgroups(): string | undefined {
  const wanted = 'cgroups mounted at /sys/fs/cgroup'
  if (!existsSync('/sys/fs/cgroup')) return wanted
  if (existsSync('/sys/fs/cgroup/cgroup.controllers')) return undefined
  const present = readdirSync('/sys/fs/cgroup')
  const absent = controllers.filter((name) => !present.includes(name))
  return absent.length === 0 ? undefined : `${wanted} (absent: ${absent.join(', ')})`
}

async function missingGo(): Promise<string | undefined> {
  const [wantedMajor, wantedMinor] = oldestGo
  const wanted = `Go ${wantedMajor}.${wantedMinor} or newer on PATH (https://go.dev/dl)`
  const finished = await tryCommand({ program: 'go', args: ['env', 'GOVERSION'] }).catch(
    () => undefined,
  )
  const [, major, minor] = /^go(\d+)\.(\d+)/.exec(finished?.stdout ?? '') ?? []
  if (major === undefined) return `${wanted}; there is none`
  const enough = Number(major) > wantedMajor || Number(minor) >= wantedMinor
  return enough ? undefined : `${wanted}; this is ${major}.${minor}`
}

async function missingPackageManager(): Promise<string | undefined> {
  const missing = missingPackages()
  if (missing.length === 0 || existsSync('/usr/bin/apt-get')) return undefined
  return `apt-get, or installed by other means: ${missing.join(', ')}`
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
