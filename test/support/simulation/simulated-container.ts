/** The container of a sidecar under a waiter: the model of docs/waiter.md over simulated time. */
import {
  advance,
  type Cause,
  type LastWord,
  startWaiter,
  type WaiterAction,
  type WaiterEvent,
  type WaiterState,
} from '../waiter/model.ts'
import { SimulatedProcess } from './simulated-process.ts'
import type { World } from './world.ts'

export interface SimulatedCall {
  readonly cause: Cause
  readonly sleptMs: number
}

/** What runs in the container. */
export interface Inmate {
  readonly strikes: () => boolean
  readonly nextId: () => number
  /** Resolves with the exit code; `word` is told before. */
  readonly run: (process: SimulatedProcess, call: SimulatedCall) => Promise<number | undefined>
  readonly word: () => LastWord | undefined
  /** SIGTERM and SIGHUP, where it runs. */
  readonly terminate: () => void
  readonly reload: () => void
}

/** Until a started program listens to signals: before, any of them ends it. */
const startMs = { least: 20, most: 300 } as const
const numbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const

export class SimulatedContainer {
  /** Resolves with its exit code; undefined for one that was killed. */
  readonly ended: Promise<number | undefined>
  readonly #world: World
  readonly #inmate: Inmate
  #state: WaiterState
  #resolve: (code: number | undefined) => void = () => undefined
  #cancelTime: () => void = () => undefined
  #cancelStart: (() => void) | undefined
  #process: SimulatedProcess | undefined
  /** Of the process that the history knows to be there; undefined between a crash and the next start. */
  #known: number | undefined

  constructor(world: World, inmate: Inmate) {
    this.#world = world
    this.#inmate = inmate
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve
    })
    const { state, actions } = startWaiter()
    this.#state = state
    this.#act(actions)
  }

  fire(event: WaiterEvent): void {
    const { chances } = this.#world
    const moment = { now: this.#bootMs(), chance: chances.waiter.next() }
    const { state, actions } = advance(this.#state, event, moment)
    this.#state = state
    this.#act(actions)
  }

  /** An OOM kill takes the program or everything. */
  kill(): void {
    if (this.#process === undefined) this.#die()
    else this.#process.kill()
  }

  #bootMs(): number {
    return this.#world.time.now - this.#world.time.start
  }

  #act(actions: readonly WaiterAction[]): void {
    for (const action of actions) {
      switch (action.kind) {
        case 'start':
          this.#start(action)
          break
        case 'forward':
          this.#forward(action.signal)
          break
        case 'kill':
          this.#process?.kill()
          this.#forget()
          break
        case 'sleep':
          this.#sleep(action.until)
          break
        case 'end':
          this.#end(action.code)
          break
      }
    }
  }

  #sleep(until: number | undefined): void {
    this.#cancelTime()
    this.#cancelTime = () => undefined
    if (until === undefined) return
    const at = this.#world.time.start + until
    this.#cancelTime = this.#world.time.at(at, () => this.fire({ kind: 'time' }))
  }

  #start(call: SimulatedCall): void {
    const { time, chances } = this.#world
    const pauseMs = chances.waiter.between(startMs.least, startMs.most)
    this.#cancelStart = time.after(pauseMs, () => {
      this.#cancelStart = undefined
      void this.#run(call)
    })
  }

  #forward(signal: string): void {
    if (this.#cancelStart !== undefined) {
      this.#cancelStart()
      this.#cancelStart = undefined
      const number = Object.entries(numbers).find(([name]) => name === signal)?.[1] ?? 9
      this.#world.time.after(0, () => this.fire({ kind: 'crash', signal: number }))
    } else if (signal === 'SIGHUP') this.#inmate.reload()
    else this.#inmate.terminate()
  }

  async #run(call: SimulatedCall): Promise<void> {
    const { history, chances } = this.#world
    const id = this.#known ?? this.#inmate.nextId()
    const process = new SimulatedProcess(id, this.#inmate.strikes)
    this.#process = process
    if (this.#known !== undefined) history.note({ kind: 'woken', process: id, cause: call.cause })
    const code = await Promise.race([process.killed, this.#inmate.run(process, call)])
    process.end()
    this.#process = undefined
    const word = this.#inmate.word()
    if (code === undefined) {
      if (chances.waiter.happens(0.3)) return this.#die()
      this.#forget()
      this.fire({ kind: 'crash', signal: 9 })
    } else if (code === 0 && word !== undefined) {
      const dueAt = this.#world.time.start + (word.due ?? Number.POSITIVE_INFINITY)
      history.note({ kind: 'rested', process: id, dueAt })
      this.fire({ kind: 'exit', code, word })
    } else this.fire({ kind: 'exit', code })
  }

  /** Called by the program once its state is read. */
  introduce(process: SimulatedProcess): boolean {
    const isNew = this.#known === undefined
    this.#known = process.id
    return isNew
  }

  #forget(code?: number): void {
    if (this.#known === undefined) return
    const process = this.#known
    this.#known = undefined
    this.#world.history.note({ kind: 'process ended', process, role: 'sidecar', code })
  }

  #end(code: number): void {
    this.#cancelTime()
    this.#forget(code)
    this.#resolve(code)
  }

  #die(): void {
    this.#state = { kind: 'ended', code: 137 }
    this.#cancelTime()
    this.#cancelStart?.()
    this.#forget()
    this.#resolve(undefined)
  }
}
