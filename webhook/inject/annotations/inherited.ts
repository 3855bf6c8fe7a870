/** What a pod has from its namespace. */

/** What the namespace gives to pods that say nothing themselves. */
export interface Inherited {
  /** For messages: whose annotation it is. */
  readonly path: string
  readonly text: string
}
