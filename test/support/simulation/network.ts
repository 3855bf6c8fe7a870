/** The way to the store and back under the weather of the moment; answers come in any order. */
import { AppError } from '../../../core/errors.ts'
import { requestTimeoutMs, type Weather } from './day-plan.ts'
import type { Asked } from './history.ts'
import { never, type SimulatedProcess } from './simulated-process.ts'
import { minute, second } from './timetable.ts'
import type { World } from './world.ts'

export interface Question {
  readonly what: Asked
  /** A secret's path, or what else it is about. */
  readonly subject: string
  /** The token that it is asked with. */
  readonly token: string | undefined
  /** Whether an earlier request led to it. Default false. */
  readonly isFollowing?: boolean
}

/** What the agent hears instead of an answer, and after how long. */
interface Trouble {
  readonly error: AppError
  readonly ms: number
}

/** How old a token is before every standby knows it. */
const replicationMs = second

export class Network {
  readonly #world: World
  #requests = 0

  constructor(world: World) {
    this.#world = world
  }

  get now(): number {
    return this.#world.time.now
  }

  /** `effect` is what the store does when the request arrives, whether or not anybody hears of it. */
  ask<T>(process: SimulatedProcess, question: Question, effect: () => T): Promise<T> {
    if (!process.pass()) return never()
    const { time, history, chances } = this.#world
    const id = ++this.#requests
    const { what, subject, isFollowing = false } = question
    const asked = { process: process.id, what, subject, step: process.stepAt, isFollowing }
    history.note({ kind: 'request', id, ...asked })
    const wayMs = this.#wayMs(question)
    return new Promise((resolve, reject) => {
      time.after(wayMs, () => {
        const before = this.#refuse(question)
        const outcome = before === undefined ? attempt(effect) : before.error
        const trouble = before ?? this.#lose(question)
        time.after((trouble?.ms ?? chances.network.between(1, 20)) + wayMs, () => {
          if (!process.pass()) return
          const heard = trouble?.error ?? outcome
          this.#noteAnswer(id, question, heard)
          if (heard instanceof AppError) reject(heard)
          else resolve(heard)
        })
      })
    })
  }

  /** On the way to the store that is asked. */
  #weather({ what }: Question): Weather {
    const { weather, cloudWeather } = this.#world
    return what.startsWith('cloud') ? cloudWeather : weather
  }

  #wayMs(question: Question): number {
    const { chances } = this.#world
    const weather = this.#weather(question)
    return chances.network.between(1, weather === 'slow' ? 10 * second : 20)
  }

  #noteAnswer(id: number, { what, subject }: Question, heard: unknown): void {
    const error = heard instanceof AppError ? heard : undefined
    const asked = error?.facts['retryAfterMs']
    const retryAfterMs = asked === undefined ? undefined : Number(asked)
    const code = error?.code ?? 'ok'
    this.#world.history.note({ kind: 'answer', id, what, subject, code, retryAfterMs })
  }

  /** Before the store has done anything. */
  #refuse(question: Question): Trouble | undefined {
    const { chances, vault, time } = this.#world
    const { network } = chances
    const { what, token } = question
    switch (this.#weather(question)) {
      case 'down':
        return { error: new AppError('store_unreachable', { cause: 'ECONNREFUSED' }), ms: 1 }
      case 'hanging':
        return { error: timedOut(), ms: requestTimeoutMs }
      case 'sealed':
        return { error: new AppError('store_busy', { status: 503 }), ms: 5 }
      case 'throttled': {
        const retryAfterMs = Math.round(network.between(second, minute))
        const wait = network.happens(0.8) ? { retryAfterMs } : {}
        return { error: new AppError('store_busy', { status: 429, ...wait }), ms: 5 }
      }
      case 'flaky':
        if (!network.happens(0.3)) return undefined
        return { error: new AppError('store_busy', { status: 500 }), ms: 5 }
      case 'closed':
        if (what !== 'login') return undefined
        return { error: new AppError('login_refused', { status: 403 }), ms: 5 }
      case 'stubborn':
        if (what !== 'renew lease') return undefined
        return { error: new AppError('store_busy', { status: 500 }), ms: 5 }
      case 'lagging': {
        const madeAt = vault.tokens.get(token ?? '')?.madeAt ?? 0
        if (time.now - madeAt > replicationMs || !network.happens(0.7)) return undefined
        return { error: new AppError('token_invalid', { status: 403 }), ms: 5 }
      }
      default:
        return undefined
    }
  }

  /** After the store has done it. */
  #lose(question: Question): Trouble | undefined {
    const { network } = this.#world.chances
    const weather = this.#weather(question)
    if (weather !== 'lossy' && weather !== 'garbled') return undefined
    if (network.happens(0.5)) return undefined
    if (weather === 'lossy') return { error: timedOut(), ms: network.pick([10, requestTimeoutMs]) }
    return { error: new AppError('store_answer_invalid', { reason: 'not JSON' }), ms: 5 }
  }
}

function attempt<T>(effect: () => T): T | AppError {
  try {
    return effect()
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown
    throw thrown
  }
}

function timedOut(): AppError {
  return new AppError('store_unreachable', { cause: 'ABORT_ERR' })
}
