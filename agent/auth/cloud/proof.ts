/** What a cloud's method sends to the store, and what it must remember for the next login. */
import type { JsonObject } from '../../../core/json.ts'
import type { Credentials } from '../auth-method.ts'
import type { Environment } from '../auth-ports.ts'
import type { Ask } from './ask.ts'

export interface Proof {
  readonly data: JsonObject
  readonly credentials: Credentials
}

export interface CloudPorts {
  readonly ask: Ask
  readonly environment: Environment
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** The store's address. */
  readonly address: string
}

/** Of a JWT. */
export type Claims = Readonly<Record<string, string | number>>
