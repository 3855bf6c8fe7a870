/** The interface of everything that is mounted: secrets engines and auth methods. */

import type { JsonObject } from '../../core/json.ts'
import type { DevAnswer, Operation } from './exchange.ts'
import type { Token } from './tokens.ts'

export interface BackendCall {
  readonly operation: Exclude<Operation, 'create'>
  /** Below the mount. */
  readonly path: string
  readonly query: ReadonlyMap<string, string>
  readonly body: JsonObject
  /** Seconds for which the answer will be wrapped, 0 when it will not. */
  readonly wrapTtl: number
  /** Absent for logins. */
  readonly token: Token | undefined
}

export interface Backend {
  readonly handle: (call: BackendCall) => DevAnswer | Promise<DevAnswer>
  /** Whether a write to `path` is an update; without it every write is one. */
  readonly exists?: (path: string) => boolean
  /** Whether a request needs no token. */
  readonly isOpen?: (path: string) => boolean
}
