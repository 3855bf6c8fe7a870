/** Writes of Secrets Manager and Parameter Store beyond the contract: keys, tags, rotation, deletion; the vendor's clients read them. */
import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager'
import { describe, expect, test } from '@jest/globals'
import {
  factsOf,
  readOf,
  reads,
  textsOf,
  useAwsScene,
  write,
} from '../../support/stores/aws-scene.ts'
import { openVendorParameters, openVendorSecrets } from '../../support/stores/aws-vendor.ts'

const { clear, fake, open, operations, input } = useAwsScene()
const lambda = 'arn:aws:lambda:eu-west-1:123456789012:function:rotate-db'
const bytes = (text: string) => ({ kind: 'whole', bytes: Buffer.from(text) }) as const

describe('Secrets Manager', () => {
  test('makes a secret with key, tags and rotation, and only makes versions later', async () => {
    const settings = { kms_key_id: 'alias/app', tags: 'Environment=prod,Service=db' }
    const rotation = { rotation_lambda: lambda, rotation_days: '7' }
    const store = await open('aws', { ...settings, ...rotation })
    const tags = new Map([['Service', 'api']])
    await store.write?.({ path: 'prod/db', content: bytes('one'), tags })
    const names = operations().filter((name) => name !== 'sts')
    expect(names).toEqual(['PutSecretValue', 'CreateSecret', 'RotateSecret'])
    expect(fake().secrets.find('prod/db')).toMatchObject({
      kmsKeyId: 'alias/app',
      tags: new Map([
        ['Environment', 'prod'],
        ['Service', 'api'],
      ]),
      rotation: { lambda, AutomaticallyAfterDays: 7, isImmediate: false },
    })
    clear()
    await store.write?.({ path: 'prod/db', content: bytes('two'), tags })
    expect(operations()).toEqual(['PutSecretValue'])
    const vendor = openVendorSecrets(fake().address)
    expect(await vendor.look('prod/db')).toEqual(Buffer.from('two'))
    const described = await vendor.client.send(new DescribeSecretCommand({ SecretId: 'prod/db' }))
    expect(described.Tags).toContainEqual({ Key: 'Environment', Value: 'prod' })
    vendor.close()
  })

  test('makes replicas where it is told to', async () => {
    const replica_regions = 'eu-central-1,eu-north-1'
    await write(await open('aws', { replica_regions }), 'alone', 'one')
    await write(await open('aws', { replica_regions, replicate: 'true' }), 'many', 'one')
    const regionsOf = (name: string) => [...(fake().secrets.find(name)?.regions ?? [])]
    expect(regionsOf('alone')).toEqual(['eu-west-1'])
    expect(regionsOf('many')).toEqual(['eu-west-1', 'eu-central-1', 'eu-north-1'])
  })

  test('says that the secret was made when its rotation could not be set up', async () => {
    const store = await open('aws', { rotation_lambda: `${lambda.slice(0, -9)}missing` })
    expect(await factsOf(write(store, 'made', 'one'))).toEqual({
      code: 'store_refused',
      store: 'aws',
      path: 'made',
      region: 'eu-west-1',
      status: 400,
      reason: 'InvalidRequestException',
      made: true,
      hint: 'the secret was made, its rotation was not set up',
    })
    expect(await textsOf(store, ...reads('made'))).toEqual(['one'])
  })

  test('rotates what is there, by its own function or by the one of the settings', async () => {
    const plain = await open('aws')
    await write(plain, 'rotated', 'one')
    const now = { isImmediate: true }
    expect(await factsOf(plain.rotate?.('rotated', now))).toMatchObject({ code: 'store_refused' })
    const settled = await open('aws', { rotation_lambda: lambda })
    await settled.rotate?.('rotated', { isImmediate: false, days: 30 })
    const rotation = { lambda, AutomaticallyAfterDays: 30, isImmediate: false }
    expect(fake().secrets.find('rotated')).toMatchObject({ rotation })
    await plain.rotate?.('rotated', now)
    expect(fake().secrets.find('rotated')).toMatchObject({
      rotation: { ...rotation, isImmediate: true },
    })
    expect(await factsOf(plain.rotate?.('none', now))).toMatchObject({ code: 'secret_missing' })
    const tooRare = plain.rotate?.('rotated', { isImmediate: true, days: 1001 })
    expect(await factsOf(tooRare)).toMatchObject({ code: 'input_invalid' })
  })

  const variables = { AWS_SECRET_ROTATION_LAMBDA_ARN: lambda, AWS_SECRET_ROTATION_DAYS: '90' }
  test.each([
    ['true', { lambda, AutomaticallyAfterDays: 90, isImmediate: false }],
    ['1', { lambda, AutomaticallyAfterDays: 90, isImmediate: false }],
    ['false', undefined],
  ])('takes the variables of Keep HQ: rotation enabled %s', async (enabled, rotation) => {
    const environment = {
      ...variables,
      AWS_SECRET_ROTATION_ENABLED: enabled,
      AWS_KMS_KEY_ID: 'key-1',
      AWS_SECRET_MANAGER_TAGS: 'a=1,b=2',
    }
    const store = await open('aws', {}, { environment })
    await write(store, 'keep', 'one')
    expect(fake().secrets.find('keep')).toMatchObject({ kmsKeyId: 'key-1', rotation })
    expect(fake().secrets.find('keep')?.tags.get('b')).toBe('2')
  })

  test.each([
    [{ rotation_lambda: 'arn:aws:lambda:eu-west-1:12:function:x' }, {}],
    [{ rotation_lambda: 'rotate-db' }, {}],
    [{}, { AWS_SECRET_ROTATION_ENABLED: 'true' }],
    [{ region: 'evil.example/' }, {}],
    [{ replica_regions: 'eu-west-1,..' }, {}],
  ])('is not opened with %j %j', async (changes, environment) => {
    expect(await factsOf(open('aws', changes, { environment }))).toMatchObject({
      code: 'config_invalid',
    })
  })

  test('keeps what is deleted for as long as it is told to', async () => {
    const store = await open('aws', { recovery_days: '10' })
    for (const name of ['a', 'b']) await write(store, name, name)
    await store.delete?.('a', { isFinal: false })
    expect(input('DeleteSecret')).toEqual({ SecretId: 'a', RecoveryWindowInDays: 10 })
    await store.delete?.('b', { isFinal: false, recoveryDays: 7 })
    expect(input('DeleteSecret')).toEqual({ SecretId: 'b', RecoveryWindowInDays: 7 })
    const tooLong = store.delete?.('a', { isFinal: false, recoveryDays: 31 })
    expect(await factsOf(tooLong)).toMatchObject({ code: 'input_invalid' })
    expect(await factsOf(write(store, 'a', 'new'))).toMatchObject({
      code: 'secret_missing',
      hint: 'it is deleted and can be restored',
    })
    await store.delete?.('a', { isFinal: true })
    expect(await factsOf(store.restore?.('a'))).toMatchObject({ code: 'secret_missing' })
    expect(await factsOf(store.delete?.('a', { isFinal: true }))).toMatchObject({
      code: 'secret_missing',
    })
  })

  test('puts keys into what is JSON, and into nothing else', async () => {
    const store = await open('aws')
    await write(store, 'json', '{"port":5432.10,"user":"a"}')
    await write(store, 'text', 'plain')
    const content = { kind: 'keys', members: new Map([['user', Buffer.from('b')]]) } as const
    await store.write?.({ path: 'json', content })
    expect(await textsOf(store, ...reads('json'))).toEqual(['{"port":5432.10,"user":"b"}'])
    expect(await factsOf(store.write?.({ path: 'text', content }))).toMatchObject({
      code: 'input_invalid',
    })
    await store.delete?.('json', { isFinal: false })
    expect(await factsOf(store.write?.({ path: 'json', content }))).toMatchObject({
      code: 'secret_missing',
    })
  })

  test('lists page by page, by name and by tag', async () => {
    const store = await open('aws', { tags: 'team=a' })
    const paths = Array.from({ length: 130 }, (_, index) => `page/${index}`)
    await Promise.all(paths.map((path) => write(store, path, 'x')))
    const other = await open('aws', { tags: 'team=b' })
    await write(other, 'page/other', 'x')
    clear()
    const all = await store.list?.({ prefix: 'page/', limit: 500 })
    expect(all?.entries).toHaveLength(131)
    expect(operations()).toEqual(['ListSecrets', 'ListSecrets'])
    const tagged = await store.list?.({ tags: new Map([['team', 'b']]), limit: 5 })
    expect(tagged?.entries).toEqual([
      { path: 'page/other', changedAt: expect.any(Number), tags: new Map([['team', 'b']]) },
    ])
    clear()
    expect(await store.list?.({ limit: 3 })).toMatchObject({ isCapped: true })
    expect(operations()).toEqual(['ListSecrets'])
  })

  test('tells the stages of versions', async () => {
    const store = await open('aws')
    const ids = [
      await write(store, 'v', '1'),
      await write(store, 'v', '2'),
      await write(store, 'v', '3'),
    ]
    const labels = [['AWSCURRENT'], ['AWSPREVIOUS'], []]
    expect(await store.history?.('v')).toEqual(
      ids.toReversed().map((version, index) => ({
        version,
        createdAt: expect.any(Number),
        labels: labels[index],
        state: 'enabled',
      })),
    )
    expect(await textsOf(store, readOf('v', ids[0]))).toEqual(['1'])
  })
})

describe('Parameter Store', () => {
  test('makes a SecureString with tags, and keeps the type of what is there', async () => {
    const store = await open('ssm', { kms_key_id: 'alias/app', tags: 'a=1', tier: 'Advanced' })
    expect(await write(store, 'app/db', 'one')).toBe('1')
    expect(fake().parameters.find('/app/db')).toMatchObject({
      type: 'SecureString',
      tier: 'Advanced',
      keyId: 'alias/app',
      tags: new Map([['a', '1']]),
    })
    clear()
    const tags = new Map([['b', '2']])
    expect(await store.write?.({ path: '/app/db', content: bytes('two'), tags })).toBe('2')
    expect(operations()).toEqual(['PutParameter', 'PutParameter', 'AddTagsToResource'])
    expect(fake().parameters.find('/app/db')?.tags).toEqual(
      new Map([
        ['a', '1'],
        ['b', '2'],
      ]),
    )
    const vendor = openVendorParameters(fake().address)
    expect(await vendor.look('/app/db')).toEqual(Buffer.from('two'))
    vendor.close()
    const plain = await open('ssm', { parameter_type: 'String' })
    await write(plain, '/app/plain', 'x')
    await write(store, '/app/plain', 'y')
    expect(fake().parameters.find('/app/plain')).toMatchObject({ type: 'String' })
  })

  test('lists what a path has where the policy allows no more', async () => {
    const store = await open('ssm')
    for (const name of ['/app/a', '/app/b/c', '/other']) await write(store, name, name)
    fake().deny('DescribeParameters')
    const listing = await store.list?.({ prefix: 'app/', limit: 10 })
    expect(listing?.entries.map(({ path }) => path)).toEqual(['/app/a', '/app/b/c'])
    expect(await factsOf(store.list?.({ limit: 10 }))).toMatchObject({
      code: 'store_refused',
      action: 'ssm:DescribeParameters',
    })
  })

  test('tells the labels of versions', async () => {
    const store = await open('ssm')
    await write(store, '/v', 'one')
    fake().parameters.label('/v', 'blue')
    await write(store, '/v', 'two')
    const history = await store.history?.('/v')
    expect(history?.map(({ version, labels }) => [version, labels])).toEqual([
      ['2', []],
      ['1', ['blue']],
    ])
  })

  test.each(['/a:1', 'a b', 'arn:aws:s3:::bucket'])('writes nothing to %s', async (path) => {
    const store = await open('ssm')
    expect(await factsOf(write(store, path, 'x'))).toMatchObject({ code: 'input_invalid', path })
  })
})
