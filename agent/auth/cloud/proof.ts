/** What a cloud's method sends to the store, and what it must remember for the next login. */
import type { CloudPorts } from '../../../core/cloud/cloud-ports.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { Credentials } from '../auth-method.ts'

export interface Proof {
  readonly data: JsonObject
  readonly credentials: Credentials
}

export interface ProofPorts extends CloudPorts {
  /** The store's address. */
  readonly address: string
}
