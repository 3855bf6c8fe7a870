/** An account of its own for each program: a control group, or what /proc says of its processes. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findGroupPlaces, type GroupPlaces } from './control-groups.ts'
import type { Scene } from './scene.ts'

/** Bytes. */
export interface Usage {
  /** What the kubelet counts: usage without the file pages that are inactive. From /proc: the resident set. */
  readonly workingSet: number
  readonly anonymous: number
}

export interface Account {
  /** The words that start a program in it. */
  readonly enter: (words: readonly string[]) => readonly string[]
  readonly usage: (pid: number) => Usage
  /** Milliseconds, of the program and all it has started and waited for. */
  readonly processorMs: (pid: number) => number
  /** After its programs have ended. */
  readonly close: () => Promise<void>
}

export const groupPlaces: GroupPlaces = choosePlaces()

let opened = 0

export function openAccount(scene: Scene): Account {
  const { kind, parents } = groupPlaces
  if (kind === '/proc') return processAccount
  opened += 1
  const groups = parents.map((parent) => join(parent, `claviger-bench-${process.pid}-${opened}`))
  for (const group of groups) mkdirSync(group)
  const [memory = '', processor = memory] = groups
  const close = async () => {
    for (const group of groups) await removeGroup(group)
  }
  scene.defer(close)
  return {
    // A shell enters, then becomes the program.
    enter: (words) => {
      const moves = groups.map((group) => `echo $$ > '${group}/cgroup.procs'`)
      return ['/bin/sh', '-c', [...moves, 'exec "$@"'].join('; '), 'sh', ...words]
    },
    usage: () => (kind === 'cgroup v1' ? usageOfVersion1(memory) : usageOfVersion2(memory)),
    processorMs: (pid) =>
      kind === 'cgroup v1' && groups.length < 2
        ? processAccount.processorMs(pid)
        : groupProcessorMs(processor),
    close,
  }
}

function choosePlaces(): GroupPlaces {
  const places = findGroupPlaces({
    own: readText('/proc/self/cgroup'),
    mounts: readText('/proc/mounts'),
    exists: existsSync,
    read: readText,
  })
  const probe = `claviger-bench-${process.pid}-probe`
  try {
    for (const parent of places.parents) {
      mkdirSync(join(parent, probe))
      rmdirSync(join(parent, probe))
    }
    return places
  } catch {
    // Not root, or a file system that may only be read.
    return { kind: '/proc', parents: [] }
  }
}

function usageOfVersion1(group: string): Usage {
  const stat = readText(join(group, 'memory.stat'))
  const used = Number(readText(join(group, 'memory.usage_in_bytes')))
  return {
    workingSet: Math.max(0, used - readField(stat, 'total_inactive_file')),
    anonymous: readField(stat, 'total_rss'),
  }
}

function usageOfVersion2(group: string): Usage {
  const stat = readText(join(group, 'memory.stat'))
  const used = Number(readText(join(group, 'memory.current')))
  return {
    workingSet: Math.max(0, used - readField(stat, 'inactive_file')),
    anonymous: readField(stat, 'anon'),
  }
}

function groupProcessorMs(group: string): number {
  const nanoseconds = join(group, 'cpuacct.usage')
  if (existsSync(nanoseconds)) return Number(readText(nanoseconds)) / 1e6
  return readField(readText(join(group, 'cpu.stat')), 'usage_usec') / 1000
}

function readField(text: string, name: string): number {
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? Number.NaN)
}

async function removeGroup(group: string): Promise<void> {
  // The kernel needs a moment after the last process.
  for (let attempt = 0; existsSync(group) && attempt < 50; attempt++) {
    try {
      rmdirSync(group)
    } catch {
      await sleep(20)
    }
  }
}

/** Source: proc(5), smaps_rollup, stat and task/children. */
const processAccount: Account = {
  enter: (words) => words,
  usage: (pid) => {
    const texts = [pid, ...childrenOf(pid)].map((one) => readText(`/proc/${one}/smaps_rollup`))
    const sum = (field: string) =>
      texts.reduce((total, text) => {
        const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1]
        return total + Number(kilobytes ?? 0) * 1024
      }, 0)
    return { workingSet: sum('Rss'), anonymous: sum('Anonymous') }
  },
  processorMs: (pid) => {
    const stat = readText(`/proc/${pid}/stat`)
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at] ?? 0), 0)
    return (ticks * 1000) / ticksPerSecond()
  },
  close: async () => undefined,
}

/** Those that it has started and that still run. */
export function childrenOf(pid: number): readonly number[] {
  const text = readText(`/proc/${pid}/task/${pid}/children`)
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map(Number)
}

let ticks: number | undefined

function ticksPerSecond(): number {
  ticks ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))
  return ticks
}

/** Empty for a file that is gone. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
