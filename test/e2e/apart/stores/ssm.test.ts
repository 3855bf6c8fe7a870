/** AWS Parameter Store: the contract of all stores on moto, which AWS's own client writes and reads, too. */
import { serverPeer } from '../../../support/stores/aws-peers.ts'
import { describeStoreContract } from '../../../support/stores/store-contract.ts'
import { startMoto } from '../../tools/moto.ts'

describeStoreContract('ssm on moto', serverPeer('ssm', startMoto))
