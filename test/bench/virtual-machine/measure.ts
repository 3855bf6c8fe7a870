/** Boots the virtual machine once with each version of control groups and reads what it prints. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from '../../e2e/commands.ts'
import { readImageStart } from '../measure/image-start.ts'
import type { Programs } from '../measure/programs.ts'
import type { Contender } from '../report/contenders.ts'
import { buildDisks, type Disks, type MachineAgent } from './disk.ts'

/** Bytes, but for the number of processes. */
export interface MachineResult {
  readonly contender: Contender
  readonly version: 1 | 2
  readonly which: 'first' | 'next'
  readonly usage: number
  readonly workingSet: number
  readonly anonymous: number
  /** Null where the kernel keeps none. */
  readonly peak: number | null
  readonly processes: number
}

export interface MachineBench {
  /** For the disks, about 1 GB. */
  readonly folder: string
  readonly programs: Programs
  readonly signal: AbortSignal
  readonly tell: (line: string) => void
}

export async function measureInMachine(bench: MachineBench): Promise<readonly MachineResult[]> {
  const agents = listAgents(bench.programs)
  bench.tell('making the disks of the virtual machine')
  const disks = await buildDisks(join(bench.folder, 'machine'), agents)
  const results: MachineResult[] = []
  for (const version of [1, 2] as const) {
    bench.tell(`in the virtual machine, control groups of version ${version}`)
    results.push(...(await boot(disks, version, bench.signal)))
  }
  if (results.length !== 4 * agents.length) throw new Error('not everything was measured')
  return results
}

const config = {
  vault: { address: 'http://127.0.0.1:8200' },
  auto_auth: {
    method: [{ type: 'token_file', config: { token_file_path: '/tmp/dev/root-token' } }],
  },
  template: [
    {
      destination: 'DIRECTORY/secret',
      contents: '{{ with secret "secret/data/app" }}{{ .Data.data.password }}{{ end }}',
    },
  ],
}

function listAgents({ vault, waiter }: Programs): readonly MachineAgent[] {
  const { flags } = readImageStart(readFileSync('Dockerfile.agent', 'utf8'))
  const own = ['/usr/local/bin/node', ...flags, '/claviger/agent.cjs', 'agent']
  const ownConfig = { ...config, claviger: { state_path: 'DIRECTORY/state.json' } }
  const resident: MachineAgent = { name: 'claviger', command: own, config: ownConfig }
  const hibernating = {
    name: 'hibernating',
    command: ['/claviger/waiter', ...own],
    config: ownConfig,
  }
  const stock = (from: string): MachineAgent => ({
    name: 'vaultAgent',
    command: ['/usr/local/bin/vault', 'agent'],
    config: { ...config, template_config: { static_secret_render_interval: '1s' } },
    program: { from, to: 'usr/local/bin/vault' },
  })
  return [
    ...(waiter === undefined ? [] : [hibernating]),
    resident,
    ...(vault === undefined ? [] : [stock(vault)]),
  ]
}

async function boot(
  { kernel, initial, root }: Disks,
  version: 1 | 2,
  signal: AbortSignal,
): Promise<readonly MachineResult[]> {
  const output = await runCommand({
    program: 'qemu-system-x86_64',
    args: [
      ...['-M', 'q35', '-cpu', 'max', '-m', '2048', '-smp', '1', '-display', 'none', '-no-reboot'],
      ...['-serial', 'stdio', '-net', 'none', '-kernel', kernel, '-initrd', initial, '-snapshot'],
      ...['-drive', `file=${root},if=virtio,format=raw`],
      ...['-append', `console=ttyS0 quiet panic=-1 random.trust_cpu=on cgroup_version=${version}`],
    ],
    signal: AbortSignal.any([signal, AbortSignal.timeout(900_000)]),
  })
  if (output.includes('FAILED')) {
    throw new Error(`the virtual machine: ${/FAILED.*/.exec(output)?.[0]}`)
  }
  return [...output.matchAll(/RESULT (\{.*\})/g)].map(
    ([, text = '']): MachineResult => JSON.parse(text),
  )
}
