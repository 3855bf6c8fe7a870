/** AWS Parameter Store: the contract of all stores, against the fake that the vendor's own client writes and reads. */
import { fakePeer } from '../../support/stores/aws-peers.ts'
import { describeStoreContract } from '../../support/stores/store-contract.ts'

describeStoreContract('ssm on a fake', fakePeer('ssm'))
