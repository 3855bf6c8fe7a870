/** What a step reaches the outside through. */
import type { Secret } from '../../core/secret.ts'
import type { SecretAnswer, SecretAuth, SecretRequest } from '../../core/template/secret-request.ts'

/** Each is one attempt; failures are AppErrors. */
export interface StepPorts {
  readonly login: () => Promise<SecretAuth>
  readonly renewToken: (token: Secret) => Promise<SecretAuth>
  /** The seconds granted. */
  readonly renewLease: (leaseId: string, token: Secret) => Promise<number>
  readonly read: (request: SecretRequest, token: Secret) => Promise<SecretAnswer>
  /** Uniform in [0, 1). */
  readonly chance: () => number
}
