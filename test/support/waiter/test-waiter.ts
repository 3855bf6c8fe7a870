/**
 * A waiter that follows the model, in the test's own process: it starts the built agent, holds its sockets and hands them over. That somebody
 * connects to a socket, and that a file has changed, the test says.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import net from 'node:net'
import { constants } from 'node:os'
import { createInterface } from 'node:readline'
import { parseLastWord } from './last-word.ts'
import {
  advance,
  type Cause,
  type LastWord,
  type SignalName,
  startWaiter,
  type WaiterAction,
  type WaiterEvent,
  type WaiterState,
} from './model.ts'

export interface WaiterCommand {
  /** Of `claviger-agent`. */
  readonly words: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

interface Socket {
  readonly fd: number
  readonly close: () => void
}

export class TestWaiter {
  readonly #command: WaiterCommand
  readonly lines: string[] = []
  /** Why each process was started. */
  readonly causes: Cause[] = []
  /** Of the process that ended last. */
  word: LastWord | undefined
  #state: WaiterState
  #child: ChildProcess | undefined
  #watched: readonly string[] = []
  #timer: NodeJS.Timeout | undefined
  readonly #sockets = new Map<string, Socket>()
  readonly #watchers = new Set<() => void>()

  constructor(command: WaiterCommand) {
    this.#command = command
    const { state, actions } = startWaiter()
    this.#state = state
    this.#act(actions)
  }

  get isResting(): boolean {
    return this.#state.kind === 'resting'
  }

  /** Of the process that runs; undefined at rest. */
  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Resolves at rest that lasts; rejects at the end. */
  async rest(): Promise<LastWord> {
    const lasts = () => this.isResting && (this.word?.due ?? Infinity) > bootMs()
    await this.until(() => lasts() || this.#state.kind === 'ended')
    if (!this.isResting || this.word === undefined) {
      throw new Error(`the waiter has ended:\n${this.lines.join('\n')}`)
    }
    return this.word
  }

  async ended(): Promise<number> {
    await this.until(() => this.#state.kind === 'ended')
    return this.#state.kind === 'ended' ? this.#state.code : -1
  }

  /** A line from index `after` on. */
  async waitFor(line: RegExp, after = 0): Promise<void> {
    await this.until(() => this.lines.slice(after).some((text) => line.test(text)))
  }

  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!holds()) return
        this.#watchers.delete(look)
        resolve()
      }
      this.#watchers.add(look)
      look()
    })
  }

  signal(signal: SignalName): void {
    this.fire({ kind: 'signal', signal })
  }

  /** Looks at the files that it was told to watch. */
  look(): void {
    if (this.#watched.some(isOther)) this.fire({ kind: 'change' })
  }

  fire(event: WaiterEvent): void {
    const moment = { now: bootMs(), chance: 0 }
    const { state, actions } = advance(this.#state, event, moment)
    this.#state = state
    this.#act(actions)
    for (const watcher of this.#watchers) watcher()
  }

  /** Kills what is left; a test calls it at its end. */
  async close(): Promise<void> {
    clearTimeout(this.#timer)
    const child = this.#child
    this.#state = { kind: 'ended', code: -1 }
    if (child !== undefined) {
      const gone = new Promise((resolve) => child.once('close', resolve))
      child.kill('SIGKILL')
      await gone
    }
    for (const { close } of this.#sockets.values()) close()
  }

  #act(actions: readonly WaiterAction[]): void {
    for (const action of actions) {
      switch (action.kind) {
        case 'start':
          this.#start(action)
          break
        case 'forward':
          this.#child?.kill(action.signal)
          break
        case 'kill':
          this.#child?.kill('SIGKILL')
          break
        case 'sleep':
          clearTimeout(this.#timer)
          if (action.until === undefined) break
          this.#timer = setTimeout(
            () => this.fire({ kind: 'time' }),
            Math.max(0, action.until - bootMs()),
          )
          break
        case 'hold':
          this.#hold(action.sockets)
          break
        case 'watch':
          this.#watched = action.files
          queueMicrotask(() => this.look())
          break
        case 'end':
          break
      }
    }
  }

  #start({ cause, sleptMs, signal }: Extract<WaiterAction, { readonly kind: 'start' }>): void {
    this.causes.push(cause)
    this.#watched = []
    const held = [...this.#sockets]
    const sockets = held.map(([place], index) => `${4 + index} ${place}\n`).join('')
    const { words, environment } = this.#command
    const child = spawn(process.execPath, ['dist/agent.cjs', ...words], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', ...held.map(([, { fd }]) => fd)],
      env: {
        ...environment,
        CLAVIGER_WAITER: `3 ${cause} ${Math.round(sleptMs)} ${signal}`,
        CLAVIGER_SOCKETS: sockets,
      },
    })
    this.#child = child
    let text = ''
    child.stdio[3]?.on('data', (bytes) => {
      text += bytes
    })
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue
      createInterface({ input: stream }).on('line', (line) => {
        this.lines.push(line)
        for (const watcher of this.#watchers) watcher()
      })
    }
    child.once('close', (code, ended) => {
      this.#child = undefined
      this.word = parseLastWord(text)
      if (ended !== null) this.fire({ kind: 'crash', signal: constants.signals[ended] })
      else this.fire({ kind: 'exit', code: code ?? 1, ...definedWord(this.word) })
    })
  }

  #hold(places: readonly string[]): void {
    for (const [place, { close }] of this.#sockets) {
      if (places.includes(place)) continue
      close()
      this.#sockets.delete(place)
    }
    for (const place of places) {
      const socket = this.#sockets.get(place) ?? openSocket(place)
      if (socket !== undefined) this.#sockets.set(place, socket)
    }
  }
}

function definedWord(word: LastWord | undefined) {
  return word === undefined ? {} : { word }
}

/** Milliseconds since boot, as the agent reads them. */
function bootMs(): number {
  return Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1000
}

function isOther(watched: string): boolean {
  const [mark = '', path = ''] = watched.split(/ (.*)/s)
  return markOf(path) !== mark
}

function markOf(path: string): string {
  try {
    const { ino, ctimeNs } = statSync(path, { bigint: true })
    return `${ino}:${ctimeNs}`
  } catch {
    return '0:0'
  }
}

interface Handle {
  readonly fd: number
  readonly close: () => void
}

/** What Node's own cluster shares among its processes: a socket that has its address and that nobody here accepts from. */
const bind: (address: string, port: number, family: number) => Handle | number = Reflect.get(
  net,
  '_createServerHandle',
)

/** Undefined where it cannot be. */
function openSocket(place: string): Socket | undefined {
  const [kind, ...words] = place.split(' ')
  const [address = '', port] = words
  const handle =
    kind === 'unix'
      ? bind(words.join(' '), -1, -1)
      : bind(address, Number(port), net.isIPv6(address) ? 6 : 4)
  return typeof handle === 'number' ? undefined : { fd: handle.fd, close: () => handle.close() }
}
