/** What Claviger expects of a Vault, as tests that run against the development store and the real one alike. */

import { describeApprole, describeWrapping } from './vault-contract-approle.ts'
import { createCall, type Target } from './vault-contract-client.ts'
import { describeKv } from './vault-contract-kv.ts'
import { describeJwtLogin, describeKubernetesLogin, type Mint } from './vault-contract-login.ts'
import { describeMounts } from './vault-contract-mounts.ts'
import { describePki } from './vault-contract-pki.ts'
import { describeAccess, describeLeases, describeTokens } from './vault-contract-system.ts'

export interface Capabilities {
  /** The path of a database role with a `default_ttl` of 60 s and a `max_ttl` of 90 s can be made and read for credentials. */
  readonly database: boolean
  /** Mints ServiceAccount tokens that the method mounted at auth/kubernetes accepts. */
  readonly mint?: Mint
}

export interface ContractOptions {
  /** Asked when the tests run, so that the server may start in `beforeAll`. */
  readonly target: () => Target
  readonly capabilities: Capabilities
}

/** Registers the contract's tests in the calling file. Each uses mounts, roles and policies of its own. */
export function describeVaultContract({ target, capabilities }: ContractOptions): void {
  const call = createCall(target)
  describeKv(call)
  describeTokens(call)
  describeAccess(call)
  describeMounts(call)
  describeLeases(call, capabilities.database)
  describeJwtLogin(call)
  describeApprole(call)
  describeWrapping(call)
  describePki(call)
  if (capabilities.mint !== undefined) describeKubernetesLogin(call, capabilities.mint)
}
