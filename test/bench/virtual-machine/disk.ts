/** The disks of the virtual machine: busybox, Node with its libraries, the agents, and a kernel from a Debian package. */
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { runCommand } from '../../e2e/commands.ts'

export interface MachineAgent {
  readonly name: string
  /** Inside the machine, without -config. */
  readonly command: readonly string[]
  /** Vault Agent's configuration; DIRECTORY stands for a directory of its own. */
  readonly config: object
  /** Its program outside, and where it lies inside; the files of Claviger are there anyway. */
  readonly program?: { readonly from: string; readonly to: string }
}

export interface Disks {
  readonly kernel: string
  readonly initial: string
  readonly root: string
}

const modules = [
  'virtio/virtio',
  'virtio/virtio_ring',
  'virtio/virtio_pci',
  'virtio/virtio_pci_modern_dev',
  'virtio/virtio_pci_legacy_dev',
  'block/virtio_blk',
]

/** Below `folder`. */
export async function buildDisks(folder: string, agents: readonly MachineAgent[]): Promise<Disks> {
  const kernel = await unpackKernel(join(folder, 'kernel'))
  const initial = await buildInitial(folder, kernel)
  const root = join(folder, 'root')
  await fillRoot(root, agents)
  const disk = join(folder, 'root.img')
  await shell(
    'truncate -s "$2" "$1" && mkfs.ext4 -q -F -d "$3" "$1"',
    disk,
    await sizeFor(root),
    root,
  )
  return { kernel: kernel.image, initial, root: disk }
}

interface Kernel {
  readonly image: string
  readonly drivers: string
}

/** The newest kernel of Debian's small flavour for virtual machines. */
async function unpackKernel(folder: string): Promise<Kernel> {
  mkdirSync(folder, { recursive: true })
  const listed = await run(['apt-cache', 'depends', 'linux-image-cloud-amd64'])
  const [, name] = /Depends: (linux-image-\S+)/.exec(listed) ?? []
  if (name === undefined) throw new Error('apt knows no linux-image-cloud-amd64')
  await shell('cd "$1" && apt-get -qq download "$2" && dpkg-deb -x ./*.deb .', folder, name)
  const version = name.slice('linux-image-'.length)
  return {
    image: join(folder, 'boot', `vmlinuz-${version}`),
    drivers: join(folder, 'lib/modules', version, 'kernel/drivers'),
  }
}

async function buildInitial(folder: string, { drivers }: Kernel): Promise<string> {
  const root = join(folder, 'initial')
  for (const name of ['bin', 'modules', 'proc', 'sys', 'dev', 'mnt']) {
    mkdirSync(join(root, name), { recursive: true })
  }
  copyFileSync('/usr/bin/busybox', join(root, 'bin/busybox'))
  for (const module of modules) {
    copyFileSync(join(drivers, `${module}.ko`), join(root, 'modules', `${module.split('/')[1]}.ko`))
  }
  copyExecutable(join(import.meta.dirname, 'init.sh'), join(root, 'init'))
  const archive = join(folder, 'initial.gz')
  await shell(
    'cd "$1" && find . | busybox cpio -o -H newc 2>/dev/null | gzip -1 > "$2"',
    root,
    archive,
  )
  return archive
}

async function fillRoot(root: string, agents: readonly MachineAgent[]): Promise<void> {
  for (const name of ['bin', 'proc', 'sys', 'dev', 'tmp', 'store', 'claviger', 'config']) {
    mkdirSync(join(root, name), { recursive: true })
  }
  copyFileSync('/usr/bin/busybox', join(root, 'bin/busybox'))
  const names = await run(['busybox', '--list'])
  for (const name of names
    .trim()
    .split('\n')
    .filter((each) => each !== 'busybox')) {
    symlinkSync('busybox', join(root, 'bin', name))
  }
  copyExecutable(join(import.meta.dirname, 'guest.sh'), join(root, 'guest.sh'))
  const node = join(root, 'usr/local/bin/node')
  await copyProgram(process.execPath, node, root)
  await run(['strip', '--strip-all', node])
  // The store's own copy: it must not warm the pages of the agents.
  copyFileSync(node, join(root, 'store/node'))
  for (const name of readdirSync('dist').filter(isShipped)) {
    cpSync(join('dist', name), join(root, 'claviger', name))
  }
  for (const agent of agents) await addAgent(agent, root)
  writeFileSync(join(root, 'config/agents'), agents.map(({ name }) => name).join('\n'))
}

function isShipped(name: string): boolean {
  return /^(agent(-\w+)?\.(cjs|cache)|claviger\.cjs|waiter)$/.test(name)
}

async function addAgent(
  { name, command, config, program }: MachineAgent,
  root: string,
): Promise<void> {
  if (program !== undefined) await copyProgram(program.from, join(root, program.to), root)
  writeFileSync(join(root, 'config', `${name}.json`), JSON.stringify(config))
  writeFileSync(join(root, 'config', `${name}.command`), command.join(' '))
}

/** With the libraries that it maps. */
async function copyProgram(from: string, to: string, root: string): Promise<void> {
  copyExecutable(from, to)
  const listed = await run(['sh', '-c', 'ldd "$1" || true', 'sh', from])
  for (const [, library = ''] of listed.matchAll(/(\/\S+) \(0x/g)) {
    if (!existsSync(join(root, library))) copyExecutable(library, join(root, library))
  }
}

function copyExecutable(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  copyFileSync(from, to)
  chmodSync(to, 0o755)
}

/** Half as much again as the files take. */
async function sizeFor(root: string): Promise<string> {
  const mebibytes = Number((await run(['du', '-sm', root])).split('\t')[0])
  return `${Math.ceil(mebibytes * 1.5) + 64}M`
}

function shell(script: string, ...words: readonly string[]): Promise<string> {
  return run(['bash', '-euo', 'pipefail', '-c', script, 'bash', ...words])
}

function run([program = '', ...args]: readonly string[]): Promise<string> {
  return runCommand({ program, args })
}
