/** Starts long-lived programs, remembers them across crashes by pid and start time, and ends them. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { paths } from '../settings.ts'

interface Started {
  readonly name: string
  readonly pid: number
  /** Clock ticks from boot to the process's start: with the pid it names one process even after pids wrapped. */
  readonly ticks: string
}

export interface Program {
  readonly name: string
  readonly program: string
  readonly args: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}

export interface Processes {
  /** Starts a program in its own process group, its output going to `<name>.log`. */
  readonly start: (program: Program) => void
  /** Throws when one of the started programs has ended. */
  readonly check: () => void
}

const graceMs = 5_000

export function openProcesses(): Processes {
  const children = new Map<string, ChildProcess>()
  const started: Started[] = []
  return {
    start: ({ name, program, args, environment }) => {
      mkdirSync(paths.logs, { recursive: true })
      const log = openSync(join(paths.logs, `${name}.log`), 'w')
      const child = spawn(program, [...args], {
        detached: true,
        stdio: ['ignore', log, log],
        env: { ...process.env, ...environment },
      })
      closeSync(log)
      child.once('error', () => undefined)
      if (child.pid === undefined) throw new Error(`cannot start ${program}`)
      children.set(name, child)
      started.push({ name, pid: child.pid, ticks: startTicks(child.pid) ?? '' })
      mkdirSync(dirname(paths.started), { recursive: true })
      writeFileSync(paths.started, JSON.stringify(started))
    },
    check: () => {
      const ended = [...children].filter(([, { exitCode, signalCode }]) => exitCode ?? signalCode)
      if (ended.length > 0) {
        throw new Error(`${ended.map(([name]) => name).join(', ')} ended; see ${paths.logs}`)
      }
    },
  }
}

/** Ends what this run, or one that crashed, has recorded: the newest first, by force after a grace period. */
export async function stopRecorded(): Promise<void> {
  for (const { pid, ticks } of readRecord().reverse()) {
    await stopProcess(pid, () => startTicks(pid) === ticks)
  }
}

/** Ends one by its name and starts it again as it was started, by any process of the run. */
export async function restartRecorded(name: string): Promise<void> {
  const record = readRecord()
  const found = record.find((each) => each.name === name)
  if (found === undefined) throw new Error(`${name} was not started`)
  const words = readFileSync(`/proc/${found.pid}/cmdline`, 'utf8').split('\0').slice(0, -1)
  const [program = '', ...args] = words
  await stopProcess(found.pid, () => startTicks(found.pid) === found.ticks)
  const log = openSync(join(paths.logs, `${name}.log`), 'a')
  const child = spawn(program, args, { detached: true, stdio: ['ignore', log, log] })
  closeSync(log)
  if (child.pid === undefined) throw new Error(`cannot start ${program}`)
  // It outlives the test that started it.
  child.unref()
  const again = { name, pid: child.pid, ticks: startTicks(child.pid) ?? '' }
  writeFileSync(
    paths.started,
    JSON.stringify(record.map((each) => (each === found ? again : each))),
  )
}

/** Ends a process at once. */
export async function killProcess(pid: number): Promise<void> {
  const ticks = startTicks(pid)
  if (ticks === undefined) return
  signalProcess(pid, 'SIGKILL')
  while (startTicks(pid) === ticks) await sleep(20)
}

async function stopProcess(pid: number, same: () => boolean): Promise<void> {
  const end = Date.now() + graceMs
  if (!same()) return
  signalProcess(pid, 'SIGTERM')
  while (same() && Date.now() < end) await sleep(20)
  if (same()) await killProcess(pid)
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It ended between the question and the signal.
  }
}

function readRecord(): Started[] {
  try {
    return JSON.parse(readFileSync(paths.started, 'utf8'))
  } catch {
    return []
  }
}

/** Field 22 of /proc/PID/stat, undefined for a process that is gone or a zombie. Source: proc(5). */
function startTicks(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return undefined
  }
}
