/** Numbers by their time, the earliest first; of equal times the smaller number. Source: binary heap. */

export class EventQueue {
  readonly #times: number[] = []
  readonly #numbers: number[] = []

  get nextTime(): number {
    return this.#times[0] ?? Number.POSITIVE_INFINITY
  }

  push(time: number, number: number): void {
    let place = this.#times.length
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (!this.#isLater(parent, time, number)) break
      this.#move(parent, place)
      place = parent
    }
    this.#times[place] = time
    this.#numbers[place] = number
  }

  /** The number that is due first; undefined when there is none. */
  pop(): number | undefined {
    const first = this.#numbers[0]
    const time = this.#times.pop()
    const number = this.#numbers.pop()
    if (time === undefined || number === undefined || this.#times.length === 0) return first
    let place = 0
    for (;;) {
      const child = this.#earlierChild(place)
      if (child >= this.#times.length || this.#isLater(child, time, number)) break
      this.#move(child, place)
      place = child
    }
    this.#times[place] = time
    this.#numbers[place] = number
    return first
  }

  #earlierChild(place: number): number {
    const left = 2 * place + 1
    const right = left + 1
    const { [right]: time = Number.POSITIVE_INFINITY } = this.#times
    return this.#isLater(left, time, this.#numbers[right] ?? 0) ? right : left
  }

  #isLater(place: number, time: number, number: number): boolean {
    const own = this.#times[place] ?? Number.POSITIVE_INFINITY
    return own > time || (own === time && (this.#numbers[place] ?? 0) > number)
  }

  #move(from: number, to: number): void {
    this.#times[to] = this.#times[from] ?? 0
    this.#numbers[to] = this.#numbers[from] ?? 0
  }
}
