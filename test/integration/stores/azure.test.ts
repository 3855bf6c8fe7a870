/** Azure Key Vault: what every store must do. */
import { azurePeer } from '../../support/stores/azure-peer.ts'
import { describeStoreContract } from '../../support/stores/store-contract.ts'

describeStoreContract('azure', azurePeer)
