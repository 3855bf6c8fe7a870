import { startDevVault } from '../../support/stores/dev-vault.ts'
import { describeNamedVault } from '../../support/stores/named-vault.ts'
import { describeStoreContract } from '../../support/stores/store-contract.ts'
import { createVaultPeer } from '../../support/stores/vault-peer.ts'

const peer = createVaultPeer(startDevVault)

describeStoreContract('vault', peer)
describeNamedVault(peer, false)
