/** The wrapper of every value that came from a store: whatever prints it shows a marker. */
import { inspect } from 'node:util'

const marker = '[secret]'

/** Holds a token or other secret text; only `reveal` gives it out, so every use can be found by that name. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  reveal(): string {
    return this.#value
  }

  toString(): string {
    return marker
  }

  toJSON(): string {
    return marker
  }

  [Symbol.toPrimitive](): string {
    return marker
  }

  [inspect.custom](): string {
    return marker
  }
}
