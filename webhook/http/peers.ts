/** Connections by the address they come from, so that one peer cannot take all there are. */

export class Peers {
  readonly #limit: number
  readonly #connections = new Map<string, number>()

  constructor(limit: number) {
    this.#limit = limit
  }

  /** False when that peer has too many already; else `leave` is to be called once. */
  enter(address: string): boolean {
    const count = this.#connections.get(address) ?? 0
    if (count >= this.#limit) return false
    this.#connections.set(address, count + 1)
    return true
  }

  leave(address: string): void {
    const count = this.#connections.get(address) ?? 0
    if (count > 1) this.#connections.set(address, count - 1)
    else this.#connections.delete(address)
  }
}
