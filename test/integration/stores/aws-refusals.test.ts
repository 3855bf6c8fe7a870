/** What AWS refuses, in its own words, and what is said of it: where, why, and how to mend it. */
import { describe, expect, test } from '@jest/globals'
import { failureOf, readOf, useAwsScene } from '../../support/stores/aws-scene.ts'
import { startFakeService } from '../../support/stores/fake-service.ts'

const { open } = useAwsScene()
const principal = 'arn:aws:sts::123456789012:assumed-role/app/session'
const key = 'arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'

/** Type, message, code, hint. */
type Case = readonly [string, string, string, string]

const both: readonly Case[] = [
  [
    'AccessDeniedException',
    `User: ${principal} is not authorized to perform: kms:Decrypt on resource: ${key} because no identity-based policy allows the kms:Decrypt action`,
    'store_refused',
    'allow kms:Decrypt',
  ],
  ['DisabledException', `${key} is disabled.`, 'store_refused', 'the KMS key is disabled: enable'],
  [
    'KMSInvalidStateException',
    `${key} is pending deletion.`,
    'store_refused',
    'the KMS key is to be deleted: cancel',
  ],
  ['RequestExpired', 'Request has expired.', 'store_refused', 'the clock of this machine is wrong'],
  [
    'InvalidSignatureException',
    'Signature expired: 20260101T000000Z is now earlier than 20260101T001000Z (20260101T001500Z - 5 min.)',
    'store_refused',
    'the clock of this machine is wrong',
  ],
  [
    'SignatureDoesNotMatch',
    'Signature not yet current: 20260101T002000Z is still later than 20260101T001500Z',
    'store_refused',
    'the clock of this machine is wrong',
  ],
  [
    'InvalidSignatureException',
    'The request signature we calculated does not match the signature you provided.',
    'store_refused',
    'check the secret key',
  ],
  [
    'UnrecognizedClientException',
    'The security token included in the request is invalid.',
    'store_refused',
    'is it enabled?',
  ],
]

const secretsManager: readonly Case[] = [
  ['AccessDeniedException', 'Access to KMS is not allowed', 'store_refused', 'allow kms:Decrypt'],
  [
    'DecryptionFailure',
    "Secrets Manager can't decrypt the protected secret text using the provided KMS key.",
    'store_refused',
    'look at its state and its policy',
  ],
  [
    'ResourceNotFoundException',
    "Secrets Manager can't find the specified secret.",
    'secret_missing',
    'the region',
  ],
  [
    'InvalidRequestException',
    "You can't perform this operation on the secret because it was marked for deletion.",
    'secret_missing',
    'can be restored',
  ],
]

const parameterStore: readonly Case[] = [
  ['InvalidKeyId', `${key} is disabled.`, 'store_refused', 'the KMS key is disabled: enable'],
  ['InvalidKeyId', `${key} is pending deletion.`, 'store_refused', 'cancel that'],
  ['InvalidKeyId', `${key} is pending import.`, 'store_refused', 'no key material'],
  ['InvalidKeyId', '', 'store_refused', 'look at its state and its policy'],
  [
    'AccessDeniedException',
    'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
    'store_refused',
    'allow kms:Decrypt',
  ],
  ['ParameterNotFound', '', 'secret_missing', 'the region'],
]

describe.each([
  ['aws', [...both, ...secretsManager]],
  ['ssm', [...both, ...parameterStore]],
] as const)('%s says of', (type, cases) => {
  test.each(cases)('%s, %j: %s, %s', async (__type, message, code, hint) => {
    const service = await startFakeService(() => ({ status: 400, body: { __type, message } }))
    const store = await open(type, { endpoint: service.address })
    const failure = await failureOf(store, readOf('db'))
    await service.close()
    expect(failure).toMatchObject({
      code,
      store: type,
      path: 'db',
      region: 'eu-west-1',
      reason: __type,
      hint: expect.stringContaining(hint),
    })
    expect(JSON.stringify(failure)).not.toContain('1234abcd')
  })
})
