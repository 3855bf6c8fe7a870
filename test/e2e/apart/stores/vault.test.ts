/** The store `vault` on a real Vault. */
import { describeNamedVault } from '../../../support/stores/named-vault.ts'
import { describeStoreContract } from '../../../support/stores/store-contract.ts'
import { createVaultPeer } from '../../../support/stores/vault-peer.ts'
import { startVault } from './servers/vault.ts'

const peer = createVaultPeer(startVault)

describeStoreContract('vault on HashiCorp Vault', peer)
describeNamedVault(peer, true)
