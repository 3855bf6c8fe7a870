/** How much work the server takes on at once; what is beyond is turned away while there is still memory to say so. */

export interface LoadLimits {
  /** Requests that are read or answered. */
  readonly requests: number
  /** Bytes of their bodies together. */
  readonly bytes: number
}

/** A request's part of the load. */
export interface Ticket {
  /** False, without any change, when these bytes more are too many. */
  readonly reserve: (bytes: number) => boolean
  /** Gives everything back; later calls do nothing. */
  readonly leave: () => void
}

export class Load {
  readonly #limits: LoadLimits
  #requests = 0
  #bytes = 0

  constructor(limits: LoadLimits) {
    this.#limits = limits
  }

  get requests(): number {
    return this.#requests
  }

  /** Undefined when there are too many already. */
  enter(): Ticket | undefined {
    if (this.#requests >= this.#limits.requests) return undefined
    this.#requests++
    let own = 0
    let left = false
    return {
      reserve: (bytes) => {
        if (left || this.#bytes + bytes > this.#limits.bytes) return false
        own += bytes
        this.#bytes += bytes
        return true
      },
      leave: () => {
        if (left) return
        left = true
        this.#requests--
        this.#bytes -= own
      },
    }
  }
}
