/** What the annotations say of the login. */

export interface LoginSettings {
  readonly type: string
  readonly path: string
  /** Empty where the method takes none. */
  readonly role: string
  /** Parameters of the method beside the role, by their names in the agent's configuration. */
  readonly parameters: ReadonlyMap<string, string>
  /** Go durations; the agent's default where absent. */
  readonly minBackoff: string | undefined
  readonly maxBackoff: string | undefined
  /** Whether the first login that fails ends the agent. */
  readonly exitOnError: boolean
}
