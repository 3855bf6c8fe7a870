/** What finding a cloud's identity needs of the process. */
import type { Environment } from '../environment.ts'
import type { Ask } from './ask.ts'

export interface CloudPorts {
  readonly ask: Ask
  readonly environment: Environment
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** Of a JWT. */
export type Claims = Readonly<Record<string, string | number>>
