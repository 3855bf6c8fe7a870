/** A waiter, and the test in place of its program: each start is a value that the test tells what to do. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { stubProgram } from './binaries.ts'

export interface SceneOptions {
  /** What stands before the waiter's own words, such as strace. */
  readonly before?: readonly string[]
  /** After the script. */
  readonly words?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}

/** How a process has ended. */
export type Ending = number | NodeJS.Signals | null

export class Scene {
  readonly folder = mkdtempSync(join(tmpdir(), 'waiter-'))
  readonly process: ChildProcess
  readonly ended: Promise<Ending>
  stderr = ''
  readonly #server: Server
  readonly #sockets: Socket[] = []
  readonly #starts = new Queue<Program>()

  static async open(waiter: string, options: SceneOptions = {}): Promise<Scene> {
    const server = createServer()
    const scene = new Scene(waiter, server, options)
    await new Promise((resolve) => scene.process.once('spawn', resolve))
    return scene
  }

  private constructor(waiter: string, server: Server, options: SceneOptions) {
    const { before = [], words = [], environment = {} } = options
    this.#server = server
    server.on('connection', (socket) => {
      this.#sockets.push(socket)
      const program = new Program(socket)
      program.started.then(() => this.#starts.put(program))
    })
    const place = join(this.folder, 'stub')
    server.listen(place)
    const [program = '', ...others] = [
      ...before,
      waiter,
      stubProgram(),
      '--flag',
      'script',
      ...words,
    ]
    const env = { PATH: '/usr/bin:/bin', ASAN_OPTIONS: 'detect_leaks=0', STUB_SOCKET: place }
    this.process = spawn(program, others, {
      env: { ...env, ...environment },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.process.stderr?.on('data', (chunk) => {
      this.stderr += chunk
    })
    this.ended = new Promise((resolve) => {
      this.process.on('close', (code, signal) => resolve(code ?? signal))
    })
  }

  get pid(): number {
    return this.process.pid ?? 0
  }

  nextStart(): Promise<Program> {
    const over = this.ended.then((ending) => {
      throw new Error(`the waiter has ended: ${ending}\n${this.stderr}`)
    })
    return Promise.race([this.#starts.take(), over])
  }

  /** The next start, or how the waiter has ended. */
  next(): Promise<Program | Ending> {
    return Promise.race([this.#starts.take(), this.ended])
  }

  signal(name: NodeJS.Signals): void {
    this.process.kill(name)
  }

  /** Resolves when it has no child any more, has taken every signal, and waits. */
  async untilResting(): Promise<void> {
    while (this.children() !== '' || this.hasSignals() || !this.stat().startsWith('S '))
      await sleep(1)
  }

  /** Whether some are on their way to it. Source: proc(5), ShdPnd. */
  hasSignals(): boolean {
    return !/^ShdPnd:\t0+$/m.test(readFileSync(`/proc/${this.pid}/status`, 'utf8'))
  }

  /** The pids of its children. */
  children(): string {
    return readFileSync(`/proc/${this.pid}/task/${this.pid}/children`, 'utf8').trim()
  }

  /** From the process's state on. Source: proc(5). */
  stat(): string {
    return readFileSync(`/proc/${this.pid}/stat`, 'utf8').replace(/^.*\) /, '')
  }

  async close(): Promise<void> {
    this.process.kill('SIGKILL')
    this.#server.close()
    // A program that nobody talks to any more ends, and with it the last writer of the waiter's standard error.
    for (const socket of this.#sockets) socket.destroy()
    await this.ended
    rmSync(this.folder, { recursive: true })
  }
}

/** One start of the program. */
export class Program {
  /** What it found. */
  readonly started: Promise<void>
  pid = 0
  blockedSignals = 0
  cause = ''
  sleptMs = 0
  signal = 0
  sockets: readonly { readonly fd: number; readonly address: string }[] = []
  readonly #socket: Socket
  readonly #lines = new Queue<string>()
  readonly #signals = new Queue<number>()

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('error', () => undefined)
    this.started = this.#lines.take().then((line) => this.#read(line))
    createInterface({ input: socket }).on('line', (line) => {
      if (line.startsWith('signal ')) this.#signals.put(Number(line.slice('signal '.length)))
      else this.#lines.put(line)
    })
  }

  #read(line: string): void {
    const [pid, blocked, own = '', ...sockets] = line.split('|')
    const [, cause = '', slept, signal] = own.split(' ')
    this.pid = Number(pid)
    this.blockedSignals = Number(blocked)
    this.cause = cause
    this.sleptMs = Number(slept)
    this.signal = Number(signal)
    this.sockets = sockets
      .filter((entry) => entry !== '')
      .map((entry) => ({ fd: Number.parseInt(entry, 10), address: entry.replace(/^\d+ /, '') }))
  }

  /** The number of the next signal that reaches it. */
  nextSignal(): Promise<number> {
    return this.#signals.take()
  }

  /** Resolves when it is done, with what went wrong before that word. */
  say(command: string): Promise<string> {
    this.#socket.write(`${command}\n`)
    return this.#lines.take()
  }

  async write(word: string | Buffer): Promise<void> {
    await this.say(`word ${Buffer.from(word).toString('hex')}`)
  }

  exit(code: number): void {
    this.#socket.write(`exit ${code}\n`)
  }

  die(signal: number): void {
    this.#socket.write(`die ${signal}\n`)
  }

  /** Writes a last word of these lines, and ends. */
  async rest(...lines: readonly string[]): Promise<void> {
    await this.write(lastWord(...lines))
    this.exit(0)
  }
}

export function lastWord(...lines: readonly string[]): string {
  return ['claviger-wait 1', ...lines, '.', ''].join('\n')
}

class Queue<T> {
  readonly #items: T[] = []
  readonly #waiting: ((item: T) => void)[] = []

  put(item: T): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#items.push(item)
    else next(item)
  }

  /** Who asks first gets first. */
  take(): Promise<T> {
    return new Promise((resolve) => {
      const item = this.#items.shift()
      if (item === undefined) this.#waiting.push(resolve)
      else resolve(item)
    })
  }
}
