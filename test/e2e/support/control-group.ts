/** The control group of a container, of either version: who is in it, and its memory. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { V1Pod } from '@kubernetes/client-node'
import { until } from '../polling.ts'
import { readCommandLine } from './machine-processes.ts'

const unified = existsSync('/sys/fs/cgroup/cgroup.controllers')

/** Source: cgroup-v1/memory and cgroup-v2 of the kernel's documentation. */
const names = unified
  ? {
      root: '/sys/fs/cgroup',
      usage: 'memory.current',
      peak: 'memory.peak',
      inactive: 'inactive_file',
      ends: 'memory.events',
    }
  : {
      root: '/sys/fs/cgroup/memory',
      usage: 'memory.usage_in_bytes',
      peak: 'memory.max_usage_in_bytes',
      inactive: 'total_inactive_file',
      ends: 'memory.oom_control',
    }

/** With version 2 of control groups the kubelet has the kernel end all processes of a container. Source: Kubernetes 1.28, memory.oom.group. */
export const endsWholeGroups = unified

export class ControlGroup {
  readonly #folder: string

  constructor(pod: V1Pod, container: string) {
    const status = pod.status?.containerStatuses?.find(({ name }) => name === container)
    const id = status?.containerID?.split('//')[1] ?? ''
    const folders = readdirSync(names.root, { recursive: true, encoding: 'utf8' })
    const found = folders.find((path) => path.endsWith(`/${id}`))
    if (id === '' || found === undefined) throw new Error(`${container} has no control group`)
    this.#folder = join(names.root, found)
  }

  /** None once the container is gone. */
  processes(): readonly number[] {
    if (!existsSync(this.#folder)) return []
    return this.#read('cgroup.procs').split('\n').filter(Boolean).map(Number)
  }

  /** The process whose command line, with zero bytes between its words, starts so. */
  findProcess(start: string): number {
    const found = this.processes().find((pid) => readCommandLine(pid).startsWith(start))
    if (found === undefined) throw new Error(`no process of the container starts with ${start}`)
    return found
  }

  /** Bytes, as the kubelet counts them. */
  workingSet(): number {
    const [, inactive] =
      new RegExp(`^${names.inactive} (\\d+)$`, 'm').exec(this.#read('memory.stat')) ?? []
    return Number(this.#read(names.usage)) - Number(inactive)
  }

  /** The most bytes that there ever were. */
  peak(): number {
    return Number(this.#read(names.peak))
  }

  /**
   * Takes memory until the kernel ends the process `pid`, which gets the highest score there is. What takes it stops at the first
   * end that the kernel counts, and is the next to be chosen: the memory of the first may be given back too late for it.
   */
  async exhaust(pid: number): Promise<void> {
    const program = `
      const { readFileSync, writeFileSync } = require('node:fs')
      const [pid, ends, processes] = process.argv.slice(1)
      const countEnds = () => /^oom_kill (\\d+)$/m.exec(readFileSync(ends, 'utf8'))[1]
      const before = countEnds()
      writeFileSync('/proc/' + pid + '/oom_score_adj', '1000')
      writeFileSync(processes, String(process.pid))
      const taken = []
      while (countEnds() === before) taken.push(Buffer.alloc(2 ** 21, 1))`
    const files = [names.ends, 'cgroup.procs'].map((name) => join(this.#folder, name))
    const child = spawn(process.execPath, ['-e', program, String(pid), ...files], {
      stdio: 'inherit',
    })
    await once(child, 'exit')
    await until({
      what: `process ${pid} to be ended for its memory`,
      probe: async () => !this.processes().includes(pid) || undefined,
    })
  }

  /** As a kernel short of memory does: all pages that can be read again. */
  reclaim(): void {
    const [file, amount] = unified ? ['memory.reclaim', '1G'] : ['memory.force_empty', '0']
    try {
      writeFileSync(join(this.#folder, file), amount)
    } catch (error) {
      // Less was taken back than was asked for.
      if (!String(error).includes('EAGAIN')) throw error
    }
  }

  #read(name: string): string {
    return readFileSync(join(this.#folder, name), 'utf8')
  }
}
