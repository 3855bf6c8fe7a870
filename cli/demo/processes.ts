/** Child processes of the demo: their lines read as they come, all of them ended at the end. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface Command {
  readonly program: string
  readonly words: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

/** Lines of both outputs, in order, kept for whoever looks later. */
export interface Running {
  readonly pid: number | undefined
  readonly lines: readonly string[]
  /** The first line, earlier or later, that matches from index `after` on; rejects when the process ends without one. */
  readonly waitFor: (pattern: RegExp, after?: number) => Promise<string>
  readonly exited: Promise<number>
  /** Sends SIGTERM and waits. */
  readonly stop: () => Promise<void>
}

export class Processes {
  readonly #running: Running[] = []

  start({ program, words, environment }: Command): Running {
    const child = spawn(program, words, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
    const running = follow(child)
    this.#running.push(running)
    return running
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.#running.map(({ stop }) => stop()))
  }
}

function follow(child: ChildProcess): Running {
  const lines: string[] = []
  const listeners = new Set<() => void>()
  const notify = () => {
    for (const listener of listeners) listener()
  }
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      notify()
    })
  }
  let ended = false
  const exited = new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      ended = true
      resolve(code ?? 1)
      notify()
    })
  })
  const waitFor = (pattern: RegExp, after = 0) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const found = lines.slice(after).find((line) => pattern.test(line))
        if (found === undefined && !ended) return
        listeners.delete(look)
        if (found !== undefined) resolve(found)
        else reject(new Error(`a process ended before it said ${pattern}:\n${lines.join('\n')}`))
      }
      listeners.add(look)
      look()
    })
  const stop = async () => {
    if (!ended) child.kill('SIGTERM')
    await exited
  }
  return { pid: child.pid, lines, waitFor, exited, stop }
}
