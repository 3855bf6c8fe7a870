/** Simulated time: what is due happens in its order, and everything that waits for it goes on before the next. */

export const second = 1000
export const minute = 60 * second
export const hour = 60 * minute

interface Entry {
  readonly at: number
  run: (() => void) | undefined
}

/** More in one day is no plan but a loop. */
const mostEntries = 100_000

export class Timetable {
  readonly start = Date.UTC(2026, 0, 1)
  #now = this.start
  /** The latest first. */
  readonly #entries: Entry[] = []
  #count = 0

  get now(): number {
    return this.#now
  }

  /** Gives back what takes it off again. What is due at the same moment happens in the order in which it was put here. */
  at(time: number, run: () => void): () => void {
    const entry: Entry = { at: Math.max(time, this.#now), run }
    if (Number.isFinite(entry.at)) this.#entries.splice(this.#placeOf(entry.at), 0, entry)
    return () => {
      entry.run = undefined
    }
  }

  after(ms: number, run: () => void): () => void {
    return this.at(this.#now + ms, run)
  }

  async runUntil(end: number): Promise<void> {
    await untilQuiet()
    for (;;) {
      const next = this.#entries.at(-1)
      if (next === undefined || next.at > end) break
      this.#entries.pop()
      if (next.run === undefined) continue
      if (++this.#count > mostEntries) throw new Error('the day does not end')
      this.#now = next.at
      next.run()
      await untilQuiet()
    }
    this.#now = end
  }

  /** Before all that is not later. */
  #placeOf(time: number): number {
    let low = 0
    let high = this.#entries.length
    while (low < high) {
      const middle = (low + high) >> 1
      const entry = this.#entries[middle]
      if (entry !== undefined && entry.at > time) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Every promise that can go on has gone on: Node takes the next tick only when no promise is left. */
function untilQuiet(): Promise<void> {
  return new Promise((resolve) => void process.nextTick(resolve))
}
