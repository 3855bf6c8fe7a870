/** Memory and processor time of agents that have rendered everything: ours and the stock agent side by side. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Contender, StartBench } from './start-to-file.ts'
import { formatTable, summarize } from './statistics.ts'

export interface RestBench extends Omit<StartBench, 'rounds'> {
  /** How many templates an agent renders, each of a secret of its own, `secret/data/rest-N`. */
  readonly sizes: readonly number[]
  /** Agents of each kind and size. */
  readonly copies: number
  /** For which they are watched, after as long a time to come to rest. */
  readonly seconds: number
}

interface Resting {
  readonly contender: string
  readonly size: number
  readonly child: ChildProcess
}

/** MiB, and milliseconds of processor time a minute. */
interface Sample {
  readonly anonymous: number
  readonly resident: number
  readonly processor: number
}

/** The table `agent at rest`: medians. All agents run at once, started in turns. */
export async function benchAtRest(
  contenders: readonly Contender[],
  bench: RestBench,
): Promise<string> {
  const resting: Resting[] = []
  try {
    for (let copy = 0; copy < bench.copies; copy++) {
      for (const size of bench.sizes) {
        for (const contender of contenders) {
          const folder = join(bench.folder, `${resting.length}`)
          const child = await start(contender, { ...bench, folder }, size)
          resting.push({ contender: contender.name, size, child })
        }
      }
    }
    await sleep(bench.seconds * 1000)
    return format(resting, await watch(resting, bench.seconds))
  } finally {
    await Promise.all(resting.map(({ child }) => stop(child)))
  }
}

/** Resolves when the last file is there. */
async function start(
  { program, words }: Contender,
  bench: RestBench,
  size: number,
): Promise<ChildProcess> {
  mkdirSync(bench.folder, { recursive: true })
  const destinations = Array.from({ length: size }, (_, at) => join(bench.folder, `secret-${at}`))
  const config = join(bench.folder, 'config.json')
  writeFileSync(config, JSON.stringify(configuration(bench, destinations)))
  const child = spawn(program, [...words, `-config=${config}`], { stdio: 'ignore' })
  while (!destinations.every((path) => existsSync(path))) {
    if (child.exitCode !== null) throw new Error(`${program} ended before it wrote its files`)
    await sleep(20)
  }
  return child
}

function configuration({ store }: RestBench, destinations: readonly string[]) {
  const config = { path: store.jwtPath, role: store.role, remove_jwt_after_reading: false }
  return {
    vault: { address: store.address },
    auto_auth: { method: [{ type: 'jwt', mount_path: 'auth/jwt', config }] },
    template: destinations.map((destination, at) => ({
      destination,
      contents: `{{ with secret "secret/data/rest-${at}" }}{{ .Data.data.password }}{{ end }}`,
    })),
  }
}

async function watch(resting: readonly Resting[], seconds: number): Promise<readonly Sample[]> {
  const begun = performance.now()
  const before = resting.map(({ child }) => processorMs(child))
  await sleep(seconds * 1000)
  const minutes = (performance.now() - begun) / 60_000
  return resting.map(({ child }, at) => ({
    anonymous: memoryMib(child, 'Anonymous'),
    resident: memoryMib(child, 'Rss'),
    processor: (processorMs(child) - (before[at] ?? 0)) / minutes,
  }))
}

function format(resting: readonly Resting[], samples: readonly Sample[]): string {
  const kinds = new Set(resting.map(({ size, contender }) => `${size} ${contender}`))
  const rows = Array.from(kinds, (kind) => {
    const own = samples.filter((_, at) => kind === `${resting[at]?.size} ${resting[at]?.contender}`)
    const median = (name: keyof Sample) => summarize(own.map((sample) => sample[name])).median
    const [size = '', ...name] = kind.split(' ')
    return [
      ...[size, name.join(' ')],
      ...[median('anonymous').toFixed(1), median('resident').toFixed(1)],
      median('processor').toFixed(0),
    ]
  })
  return formatTable([
    ['templates', 'agent', 'anonymous MiB', 'resident MiB', 'processor ms a minute'],
    ...rows,
  ])
}

/** Source: proc(5), smaps_rollup. */
function memoryMib({ pid }: ChildProcess, field: string): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1]) / 1024
}

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

/** Fields 14 and 15, user and system time. Source: proc(5), stat. */
function processorMs({ pid }: ChildProcess): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('close', () => resolve())
    child.kill('SIGTERM')
  })
}
