/** One setting of a store, as the tables of `store-types.ts` list them. */

export type SettingKind =
  /** Any text. */
  | 'text'
  /** `https://host`, or `http://` to loopback. */
  | 'address'
  /** An absolute path in the agent's container, or on the machine of the command line. */
  | 'path'
  | 'flag'
  /** A whole number above 0. */
  | 'count'
  /** `90s`, `5m`, `1h`. */
  | 'duration'
  /** Names with commas between them. */
  | 'list'
  /** `key=value` with commas between them. */
  | 'pairs'
  /** One of `values`. */
  | 'choice'
  /** A workload identity provider of Google, `projects/…/providers/R`; `//iam.googleapis.com/` before it is taken off. */
  | 'provider'

export interface Setting {
  readonly kind: SettingKind
  /** One sentence for the reference; what it does and what stands for it when it is absent. */
  readonly description: string
  /** The environment variable that stands for it where it is absent. */
  readonly variable?: string
  readonly values?: readonly string[]
  /** Whether it says where requests, and with them the pod's identity, go: policies look at these. */
  readonly isDestination?: boolean
  /** Only for development on one's own machine: a pod that has it gets a warning. */
  readonly isLocal?: boolean
}

export type SettingTable = Readonly<Record<string, Setting>>
