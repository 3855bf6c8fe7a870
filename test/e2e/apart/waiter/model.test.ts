/** The waiter and its model agree on what follows what, event by event. */
import { renameSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  advance,
  type LastWord,
  startWaiter,
  type Transition,
  type WaiterEvent,
} from '../../../support/waiter/model.ts'
import { buildNames, waiterProgram } from './binaries.ts'
import { freePort } from './free-port.ts'
import { lastWord, type Program, Scene } from './scene.ts'

const seed = 20_261_126
const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGUSR1: 10, SIGUSR2: 12, SIGTERM: 15 }
type Choice = readonly [number, number]

/** A waiter beside its model; both are given the same events. */
class Pair {
  readonly #scene: Scene
  readonly #port: number
  #transition: Transition = startWaiter()
  #program: Program | undefined
  #held: readonly string[] = []

  constructor(scene: Scene, port: number) {
    this.#scene = scene
    this.#port = port
  }

  async live(choices: readonly Choice[]): Promise<void> {
    await this.#check()
    for (const [first, second] of choices) {
      const { kind } = this.#transition.state
      if (kind === 'ended') return
      if (kind === 'running') await this.#disturb(first, second)
      else if (kind === 'resting') await this.#wake(first)
      else await this.#happen({ kind: 'time' })
    }
  }

  async #happen(event: WaiterEvent): Promise<void> {
    this.#transition = advance(this.#transition.state, event, { now: 0, chance: 0 })
    await this.#check()
  }

  /** What the model says was done is what the waiter does. */
  async #check(): Promise<void> {
    for (const action of this.#transition.actions) {
      if (action.kind === 'hold') this.#held = action.sockets
      if (action.kind === 'end') expect(await this.#scene.ended).toBe(action.code)
      if (action.kind === 'forward')
        expect(await this.#program?.nextSignal()).toBe(signalNumbers[action.signal])
      if (action.kind !== 'start') continue
      this.#program = await this.#scene.nextStart()
      const { cause, signal, sockets } = this.#program
      expect({ cause, signal }).toEqual({ cause: action.cause, signal: action.signal })
      expect(sockets.map(({ address }) => address)).toEqual(this.#held)
      if (cause === 'connection') await this.#program.say(`serve ${sockets[0]?.fd}`)
    }
  }

  async #disturb(first: number, second: number): Promise<void> {
    const names = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGUSR1'] as const
    const name = first < names.length ? names[first] : undefined
    if (name !== undefined) {
      this.#scene.signal(name)
      while (this.#scene.hasSignals()) await new Promise(setImmediate)
      return this.#happen({ kind: 'signal', signal: name })
    }
    if (first === 5) {
      this.#program?.die(9)
      return this.#happen({ kind: 'crash', signal: 9 })
    }
    const code = first === 6 ? second : 0
    const { word, lines } = this.#choose(second)
    if (first !== 7) await this.#program?.write(lastWord(...lines))
    this.#program?.exit(code)
    await this.#happen({ kind: 'exit', code, ...(first === 7 ? {} : { word }) })
    if (this.#transition.state.kind !== 'resting') return
    if (word.due !== undefined) await this.#happen({ kind: 'time' })
    else await this.#scene.untilResting()
  }

  #choose(second: number): { readonly word: LastWord; readonly lines: readonly string[] } {
    const sockets = second % 2 === 0 ? [`tcp 127.0.0.1 ${this.#port}`] : []
    const file = join(this.#scene.folder, 'watched')
    const { ino, ctimeNs } = statSync(file, { bigint: true })
    const watched = [`${ino}:${ctimeNs} ${file}`]
    const due = second === 3 ? { due: 0 } : {}
    const end = second > 3 ? { endMs: 600_000 } : {}
    const lines = [
      `due ${due.due ?? 'never'}`,
      ...(end.endMs === undefined ? [] : [`end ${end.endMs}`]),
      ...watched.map((line) => `watch ${line}`),
      ...sockets.map((line) => `listen ${line}`),
    ]
    return { word: { ...due, ...end, watched, sockets }, lines }
  }

  async #wake(first: number): Promise<void> {
    const names = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGUSR2'] as const
    const name = first < names.length ? names[first] : undefined
    if (name !== undefined) {
      this.#scene.signal(name)
      await this.#happen({ kind: 'signal', signal: name })
      if (this.#transition.state.kind === 'resting') await this.#scene.untilResting()
      return
    }
    if (first > 6 && this.#held.length > 0) {
      const client = connect(this.#port, '127.0.0.1')
      client.resume()
      return this.#happen({ kind: 'connection' })
    }
    const path = join(this.#scene.folder, 'watched')
    writeFileSync(`${path}.new`, '')
    renameSync(`${path}.new`, path)
    return this.#happen({ kind: 'change' })
  }
}

const choice = fc.tuple(fc.nat(14), fc.nat(7))

describe.each(buildNames)('the waiter (%s)', (build) => {
  test('does what its model does', async () => {
    const agrees = fc.asyncProperty(fc.array(choice, { maxLength: 60 }), async (choices) => {
      const scene = await Scene.open(waiterProgram(build, 'quick'))
      try {
        writeFileSync(join(scene.folder, 'watched'), '')
        await new Pair(scene, await freePort('127.0.0.1')).live(choices)
      } finally {
        await scene.close()
      }
    })
    await fc.assert(agrees, { seed, numRuns: 150, endOnFailure: true })
  })
})
