/** One life of the agent, which may end at any moment that it waits for something. */

/** Thrown in the middle of what takes no waiting; nobody catches it but who started the process. */
export class Killed extends Error {}

/** What a dead process waits for. */
export function never(): Promise<never> {
  return new Promise(() => undefined)
}

export class SimulatedProcess {
  readonly id: number
  /** Resolves when it is killed. */
  readonly killed: Promise<void>
  isAlive = true
  /** When its current step began. */
  stepAt = 0
  readonly #strikes: () => boolean
  #onKill: () => void = () => undefined

  /** `strikes` is asked at every such moment whether the process is killed now. */
  constructor(id: number, strikes: () => boolean) {
    this.id = id
    this.#strikes = strikes
    this.killed = new Promise((resolve) => {
      this.#onKill = resolve
    })
  }

  /** Whether it lives on after this moment. */
  pass(): boolean {
    if (this.isAlive && this.#strikes()) this.kill()
    return this.isAlive
  }

  passOrThrow(): void {
    if (!this.pass()) throw new Killed()
  }

  kill(): void {
    this.isAlive = false
    this.#onKill()
  }

  /** It has ended by itself: nothing of what it still waits for happens. */
  end(): void {
    this.isAlive = false
  }
}
