/** Memory of resting agents under both versions of control groups, in a virtual machine. */
import { spawnSync } from 'node:child_process'
import type { Bench } from '../measure/bench.ts'
import type { Contender } from '../report/contenders.ts'
import { type Findings, type Measure, type Point, pointOf } from '../report/results.ts'
import { measureInMachine } from '../virtual-machine/measure.ts'

const needed = ['qemu-system-x86_64', 'busybox', 'mkfs.ext4', 'strip', 'apt-get', 'dpkg-deb']

const rows: readonly (Pick<Measure, 'name' | 'title'> & {
  readonly read: 'workingSet' | 'anonymous' | 'usage' | 'peak'
})[] = [
  { name: 'working-set', title: 'Working set', read: 'workingSet' },
  { name: 'anonymous', title: 'Anonymous memory', read: 'anonymous' },
  { name: 'usage', title: 'Usage, file pages included', read: 'usage' },
  { name: 'peak', title: 'Peak of the usage', read: 'peak' },
]

export async function benchAccounts({ scene, disk, programs, tell }: Bench): Promise<Findings> {
  const method =
    'A virtual machine with a kernel of Debian boots twice, with control groups of version 1 and of version 2, and runs one agent after the other in a group of its own: through ten steps, by SIGHUP or, for Vault Agent, by an interval of a second, and then at rest. Each runs as the first container of its image on the machine, no page of it being in memory, and as the next one. The processor is emulated, so nothing here is a time.'
  const missing = needed.filter((program) => spawnSync('which', [program]).status !== 0)
  if (missing.length > 0) {
    const packages = 'qemu-system-x86, busybox-static, e2fsprogs and binutils of Debian'
    return { method, notes: [`Left out: it needs ${packages}.`], measures: [] }
  }
  const results = await measureInMachine({ folder: disk, programs, signal: scene.signal, tell })
  const labels = new Set(results.map(({ version, which }) => labelOf(version, which)))
  const pointsOf = (read: (typeof rows)[number]['read']): readonly Point[] =>
    Array.from(labels, (label) => {
      const own = results.filter(({ version, which }) => labelOf(version, which) === label)
      const series = own.map((result): [Contender, readonly (number | undefined)[]] => [
        result.contender,
        [toMebibytes(result[read])],
      ])
      return pointOf(label, new Map(series))
    })
  return {
    method,
    notes: ['A node reads a program once: all but the first of its containers are the next.'],
    measures: rows.map(({ name, title, read }) => ({
      name,
      title,
      unit: 'MiB',
      points: pointsOf(read),
    })),
  }
}

function labelOf(version: number, which: string): string {
  return `v${version}, ${which === 'first' ? 'first of its image' : 'next'}`
}

function toMebibytes(bytes: number | null): number | undefined {
  return bytes === null ? undefined : bytes / 2 ** 20
}
