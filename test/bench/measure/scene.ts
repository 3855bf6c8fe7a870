/** Everything a run starts or makes, so that all of it ends with the run, also when somebody interrupts it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

export interface Start {
  readonly words: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** Gets both outputs. */
  readonly log: string
}

export interface Running {
  readonly pid: number
  readonly ended: Promise<void>
  readonly hasEnded: () => boolean
  readonly signal: (name: NodeJS.Signals) => void
  /** SIGTERM, after 10 s SIGKILL. */
  readonly stop: () => Promise<void>
  /** Both of its outputs so far. */
  readonly output: () => string
  /** The end of them, for an error. */
  readonly tail: () => string
}

export class Scene {
  readonly #closers: (() => void | Promise<void>)[] = []
  #closing: Promise<void> | undefined
  readonly #ending = new AbortController()

  /** Aborts when the scene closes. */
  get signal(): AbortSignal {
    return this.#ending.signal
  }

  /** Called when the scene closes; the last one first. */
  defer(closer: () => void | Promise<void>): void {
    if (this.#closing !== undefined) throw new Error('the run has been interrupted')
    this.#closers.push(closer)
  }

  makeFolder(parent: string): string {
    const folder = mkdtempSync(join(parent, 'claviger-bench-'))
    this.defer(() => rmSync(folder, { recursive: true, force: true }))
    return folder
  }

  start({ words: [program = '', ...words], environment, log }: Start): Running {
    const output = openSync(log, 'w')
    const path = process.env['PATH'] ?? ''
    const child = spawn(program, words, {
      env: { PATH: path, ...environment },
      stdio: ['ignore', output, output],
    })
    closeSync(output)
    const running = follow(child, log)
    this.defer(running.stop)
    return running
  }

  /** Once, whoever asks. */
  close(): Promise<void> {
    this.#ending.abort(new Error('the run has been interrupted'))
    this.#closing ??= this.#closeAll()
    return this.#closing
  }

  async #closeAll(): Promise<void> {
    for (const closer of this.#closers.splice(0).reverse()) await closer()
  }
}

function follow(child: ChildProcess, log: string): Running {
  let hasEnded = false
  const ended = new Promise<void>((resolve) => {
    const settle = () => {
      hasEnded = true
      resolve()
    }
    child.once('exit', settle)
    child.once('error', settle)
  })
  const stop = async () => {
    if (hasEnded) return
    child.kill('SIGTERM')
    const deadline = setTimeout(() => child.kill('SIGKILL'), 10_000)
    await ended
    clearTimeout(deadline)
  }
  const output = () => readFileSync(log, 'utf8')
  return {
    pid: child.pid ?? 0,
    ended,
    hasEnded: () => hasEnded,
    signal: (name) => child.kill(name),
    stop,
    output,
    tail: () => output().slice(-1000),
  }
}
