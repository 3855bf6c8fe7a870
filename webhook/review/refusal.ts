/** A request that is not judged. */

export interface Refusal {
  readonly status: number
  /** A constant: it goes into the log, and where there is no `text` into the answer. */
  readonly reason: string
  readonly text?: string
  readonly headers?: Readonly<Record<string, string>>
}
