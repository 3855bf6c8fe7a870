/** AWS Secrets Manager: the contract of all stores on moto, which AWS's own client writes and reads, too. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { serverPeer } from '../../../support/stores/aws-peers.ts'
import { reads, textsOf, write } from '../../../support/stores/aws-scene.ts'
import { openVendorSecrets, testRegion } from '../../../support/stores/aws-vendor.ts'
import { describeStoreContract } from '../../../support/stores/store-contract.ts'
import { openTestStore } from '../../../support/stores/store-ports.ts'
import { type MotoServer, startMoto } from '../../tools/moto.ts'

const flaws = new Map([
  [
    'says that what has no history is missing',
    'ListSecretVersionIds of what is not there answers 500',
  ],
])

describeStoreContract('aws on moto', serverPeer('aws', startMoto, flaws))

describe('with a role of STS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'claviger-moto-'))
  const tokenPath = join(folder, 'token')
  let moto: MotoServer | undefined
  beforeAll(async () => {
    writeFileSync(tokenPath, 'a.projected.token')
    moto = await startMoto()
  })
  afterAll(async () => {
    await moto?.stop()
    rmSync(folder, { recursive: true })
  })

  test('makes secrets as AWS’s own client sees them', async () => {
    const address = moto?.address ?? ''
    const settings = new Map([
      ['region', testRegion],
      ['endpoint', address],
      ['sts_endpoint', address],
      ['role_arn', 'arn:aws:iam::123456789012:role/app'],
      ['token_path', tokenPath],
      ['kms_key_id', 'alias/app'],
      ['tags', 'Environment=test,Service=db'],
    ])
    const store = await openTestStore('aws', settings)
    const version = await write(store, 'prod/db', '{"password":"one"}')
    const { client, close } = openVendorSecrets(address)
    const seen = await client.send(new DescribeSecretCommand({ SecretId: 'prod/db' }))
    close()
    expect(seen).toMatchObject({
      KmsKeyId: 'alias/app',
      VersionIdsToStages: { [version]: ['AWSCURRENT'] },
      Tags: [
        { Key: 'Environment', Value: 'test' },
        { Key: 'Service', Value: 'db' },
      ],
    })
    expect(await textsOf(store, ...reads(seen.ARN ?? ''))).toEqual(['{"password":"one"}'])
  })
})
