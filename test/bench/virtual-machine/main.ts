/**
 * Memory of resting agents under cgroup version 1 and 2, whatever this machine has: in a virtual machine that boots twice, as the first container of its
 * image on a node and as the next. `node test/bench/virtual-machine/main.ts` after `npm run build`; needs Debian's qemu-system-x86,
 * busybox-static, e2fsprogs and binutils. It emulates the processor, so nothing in it is a time.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from '../../e2e/commands.ts'
import { formatTable } from '../statistics.ts'
import { buildDisks, type Disks, type MachineAgent } from './disk.ts'

/** Bytes, but for the number of processes. */
interface Result {
  readonly agent: string
  readonly version: 1 | 2
  readonly which: 'first' | 'next'
  readonly usage: number
  readonly workingSet: number
  readonly anonymous: number
  /** Null where the kernel keeps none. */
  readonly peak: number | null
  readonly processes: number
}

/** Built by the end-to-end suite. */
const stockAgent = 'test/e2e/.cache/bin/vault'
const node = '/usr/local/bin/node'
const flags = [
  '--disable-sigusr1',
  '--max-semi-space-size=1',
  '--max-old-space-size=32',
  '--v8-pool-size=0',
]
const own = [node, ...flags, '/claviger/agent.cjs', 'agent']

const template = {
  destination: 'DIRECTORY/secret',
  contents: '{{ with secret "secret/data/app" }}{{ .Data.data.password }}{{ end }}',
}
const method = { type: 'token_file', config: { token_file_path: '/tmp/dev/root-token' } }
const config = {
  vault: { address: 'http://127.0.0.1:8200' },
  auto_auth: { method: [method] },
  template: [template],
}
const ownConfig = { ...config, claviger: { state_path: 'DIRECTORY/state.json' } }

const candidates: readonly MachineAgent[] = [
  { name: 'hibernating', command: ['/claviger/waiter', ...own], config: ownConfig },
  { name: 'resident', command: own, config: ownConfig },
  {
    name: 'vault',
    command: ['/usr/local/bin/vault', 'agent'],
    config: { ...config, template_config: { static_secret_render_interval: '1s' } },
    program: { from: stockAgent, to: 'usr/local/bin/vault' },
  },
]

const agents = candidates.filter(({ name }) => {
  if (name === 'vault') return existsSync(stockAgent)
  return name !== 'hibernating' || existsSync('dist/waiter')
})

const folder = mkdtempSync(join(tmpdir(), 'claviger-machine-'))
try {
  const disks = await buildDisks(folder, agents)
  const results = [...(await boot(disks, 1)), ...(await boot(disks, 2))]
  process.stdout.write(`${format(results)}\n`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function boot({ kernel, initial, root }: Disks, version: 1 | 2): Promise<readonly Result[]> {
  const output = await runCommand({
    program: 'qemu-system-x86_64',
    args: [
      ...['-M', 'q35', '-cpu', 'max', '-m', '2048', '-smp', '1', '-display', 'none', '-no-reboot'],
      ...['-serial', 'stdio', '-net', 'none', '-kernel', kernel, '-initrd', initial, '-snapshot'],
      ...['-drive', `file=${root},if=virtio,format=raw`],
      ...['-append', `console=ttyS0 quiet panic=-1 random.trust_cpu=on cgroup_version=${version}`],
    ],
    signal: AbortSignal.timeout(900_000),
  })
  const results = [...output.matchAll(/RESULT (\{.*\})/g)].map(
    ([, text = '']): Result => JSON.parse(text),
  )
  if (results.length !== 2 * agents.length) {
    throw new Error(`the virtual machine did not measure everything\n${output.slice(-2000)}`)
  }
  return results
}

function format(results: readonly Result[]): string {
  const mebibytes = (bytes: number | null) => (bytes === null ? '-' : (bytes / 2 ** 20).toFixed(1))
  return formatTable([
    ['cgroup', 'agent', 'container', 'working set MiB', 'anonymous MiB', 'usage MiB', 'peak MiB'],
    ...results.map(({ agent, version, which, workingSet, anonymous, usage, peak }) => [
      `v${version}`,
      agent,
      which === 'first' ? 'first of its image' : 'next',
      ...[workingSet, anonymous, usage, peak].map(mebibytes),
    ]),
  ])
}
