/** What a step reaches the outside through. */
import type { LocalSource } from '../../core/machine/local-source.ts'
import type { Secret } from '../../core/secret.ts'
import type { Randomness } from '../../core/template/randomness.ts'
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
  readonly machine: Machine
}

/** What templates reach of the machine, as far as their policy lets them. */
export interface Machine extends LocalSource {
  /** What `env` shows. */
  readonly environment: ReadonlyMap<string, string>
  readonly random: Randomness
  /** Milliseconds of a steady clock. */
  readonly elapsed: () => number
}
