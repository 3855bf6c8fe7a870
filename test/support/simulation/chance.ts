/** A seeded source of chance: the same seed, the same day. Source: mulberry32. */

export class Chance {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** Uniform in [0, 1). */
  readonly next = (): number => {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next()
  }

  happens(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(options: readonly T[]): T {
    const picked = options[Math.floor(this.next() * options.length)]
    if (picked === undefined) throw new Error('nothing to pick from')
    return picked
  }

  /** Another source, so that who asks it more often changes nothing for the others. */
  fork(): Chance {
    return new Chance(Math.floor(this.next() * 2 ** 32))
  }
}
