/** What the loop asks between two steps. */

/** What is the case when a step is done. */
export interface Rest {
  /** When the next one is due; infinity for never. */
  readonly wakeAt: number
  /** Nothing follows: the loop ends. */
  readonly isLast: boolean
  /** One runs, waits, or is to be tried again. */
  readonly hasCommands: boolean
  readonly hasUnwritten: boolean
}

/** Whether the process ends until the next step or stays, and until when that stands. */
export type RestDecision =
  | { readonly kind: 'end' }
  | { readonly kind: 'stay'; readonly askAgainAt: number }
