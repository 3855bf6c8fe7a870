/** Google Cloud Secret Manager: what every store must do. */
import { gcpPeer } from '../../support/stores/gcp-peer.ts'
import { describeStoreContract } from '../../support/stores/store-contract.ts'

describeStoreContract('gcp', gcpPeer)
