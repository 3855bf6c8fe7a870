/** Reads of Secrets Manager and Parameter Store beyond the contract: how many calls, which version, which region. */
import { describe, expect, test } from '@jest/globals'
import {
  failureOf,
  readOf,
  reads,
  textOf,
  textsOf,
  useAwsScene,
  write,
} from '../../support/stores/aws-scene.ts'
import { createMemory } from '../../support/stores/store-ports.ts'

const { clear, fake, open, operations, input } = useAwsScene()

describe('Secrets Manager', () => {
  test('reads one secret in one call, twenty in one, and more in as many as it takes', async () => {
    const store = await open('aws')
    const names = Array.from({ length: 22 }, (_, index) => `batch/${index}`)
    for (const name of names) await write(store, name, `value of ${name}`)
    clear()
    expect(await textsOf(store, ...reads('batch/0'))).toEqual(['value of batch/0'])
    expect(operations()).toEqual(['GetSecretValue'])
    clear()
    expect(await textsOf(store, ...reads(...names))).toEqual(
      names.map((name) => `value of ${name}`),
    )
    expect(operations()).toEqual(['BatchGetSecretValue', 'BatchGetSecretValue'])
  })

  test('tells apart what fails within a batch', async () => {
    const store = await open('aws')
    for (const name of ['good', 'locked', 'gone']) await write(store, name, name)
    fake().secrets.lockedKeys.add('locked')
    await store.delete?.('gone', { isFinal: false })
    const outcomes = await store.read(reads('good', 'locked', 'gone', 'never', 'a b'))
    expect(outcomes.map(textOf)).toEqual([
      ...['good', 'store_refused', 'secret_missing', 'secret_missing', 'input_invalid'],
    ])
    expect(outcomes[1]).toMatchObject({
      error: { facts: { path: 'locked', hint: expect.stringContaining('kms:Decrypt') } },
    })
    expect(outcomes[2]).toMatchObject({
      error: { facts: { hint: expect.stringContaining('restored') } },
    })
  })

  test('reads one by one where the policy denies batches, for this process and the next', async () => {
    fake().deny('BatchGetSecretValue')
    const memory = createMemory()
    const first = await open('aws', {}, { memory })
    for (const name of ['a', 'b']) await write(first, name, name)
    clear()
    expect(await textsOf(first, ...reads('a', 'b'))).toEqual(['a', 'b'])
    expect(operations()).toEqual(['BatchGetSecretValue', 'GetSecretValue', 'GetSecretValue'])
    clear()
    const second = await open('aws', {}, { memory })
    expect(await textsOf(second, ...reads('a', 'b'))).toEqual(['a', 'b'])
    expect(operations()).toEqual(['GetSecretValue', 'GetSecretValue'])
    clear()
    const later = { memory, now: () => Date.now() + 2 * 86_400_000 }
    fake().skewBy(2 * 86_400_000)
    const next = await open(
      'aws',
      { identity: 'environment', role_arn: '' },
      { ...later, environment: keys },
    )
    expect(await textsOf(next, ...reads('a', 'b'))).toEqual(['a', 'b'])
    expect(operations()).toEqual(['BatchGetSecretValue', 'GetSecretValue', 'GetSecretValue'])
  })

  test.each([
    ['InvalidParameterException', 'store_refused'],
    ['ResourceNotFoundException', 'secret_missing'],
  ])(
    'reads the others where AWS answers %s to a batch for one of its names',
    async (type, code) => {
      const store = await open('aws')
      for (const name of ['a', 'b']) await write(store, name, name)
      const odd = 'odd'
      fake().secrets.oddIds.set(odd, type)
      expect(await textsOf(store, ...reads('a', odd, 'b'))).toEqual(['a', code, 'b'])
      clear()
      await textsOf(store, ...reads('a', 'b'))
      expect(operations()).toEqual(['BatchGetSecretValue'])
    },
  )

  test('follows a rotation, and says what has not changed', async () => {
    const store = await open('aws')
    const first = await write(store, 'rotated', 'old')
    expect(await textsOf(store, readOf('rotated', undefined, first))).toEqual(['unchanged'])
    const second = fake().secrets.rotate('rotated', 'new', Date.now())
    expect(await textsOf(store, readOf('rotated', undefined, first))).toEqual(['new'])
    expect(await textsOf(store, readOf('rotated', undefined, second))).toEqual(['unchanged'])
    expect(
      await textsOf(store, readOf('rotated', 'AWSPREVIOUS'), readOf('rotated', first)),
    ).toEqual([...['old', 'old']])
    expect(await textsOf(store, readOf('rotated', 'AWSCURRENT'))).toEqual(['new'])
    expect(await textsOf(store, readOf('rotated', 'stage:blue'))).toEqual(['secret_missing'])
    expect(input('GetSecretValue')).toEqual({ SecretId: 'rotated', VersionStage: 'blue' })
  })

  test('takes full ARNs and those without their random end, in the region that they name', async () => {
    const american = await open('aws', { region: 'us-east-1' })
    await write(american, 'shared/db', 'far')
    const arn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:shared/db'
    const suffix = fake().secrets.find('shared/db')?.suffix
    const store = await open('aws')
    await write(store, 'near', 'near')
    await write(store, 'nearer', 'nearer')
    clear()
    const wanted = [`${arn}-${suffix}`, arn, 'near', 'nearer']
    expect(await textsOf(store, ...reads(...wanted))).toEqual(['far', 'far', 'near', 'nearer'])
    expect(operations().toSorted()).toEqual([
      'BatchGetSecretValue',
      'BatchGetSecretValue in us-east-1',
    ])
    expect(
      await textsOf(store, ...reads('arn:aws:secretsmanager:evil.com:123456789012:secret:x')),
    ).toEqual(['input_invalid'])
  })

  test('reads what a service of AWS keeps for itself, by its name and by its ARN', async () => {
    const store = await open('aws')
    const name = 'rds!db-3af6352b-e7f0-4fdc-9c52-4910b0dd815c'
    await write(store, 'master', 'of RDS')
    fake().secrets.rename('master', name)
    const arn = `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${name}`
    clear()
    expect(await textsOf(store, ...reads(name, arn))).toEqual(['of RDS', 'of RDS'])
    expect(operations()).toEqual(['BatchGetSecretValue'])
  })

  const replicas = { replica_regions: 'eu-central-1, us-east-1' }
  test.each(['failing', 'down'] as const)(
    'reads a replica while the first region is %s',
    async (fault) => {
      const store = await open('aws', replicas)
      for (const name of ['one', 'two', 'alone']) await write(store, name, name)
      for (const name of ['one', 'two']) fake().secrets.replicate(name, 'us-east-1')
      const arn = `arn:aws:secretsmanager:eu-west-1:123456789012:secret:one`
      fake().inject(fault, 'eu-west-1')
      expect(await textsOf(store, ...reads('one', 'two', 'alone'))).toEqual([
        ...['one', 'two', fault === 'down' ? 'store_unreachable' : 'store_busy'],
      ])
      expect(await textsOf(store, ...reads(arn))).toEqual(['one'])
      clear()
      expect(await textsOf(store, ...reads('one'))).toEqual(['one'])
      expect(operations()).toEqual([
        'GetSecretValue in eu-central-1',
        'GetSecretValue in us-east-1',
      ])
      fake().inject(undefined)
      expect(await textsOf(store, ...reads('alone'))).toEqual(['alone'])
    },
  )

  test.each(['failing', 'down'] as const)(
    'gets its keys in the region of a replica, too, while the first region is %s',
    async (fault) => {
      await write(await open('aws'), 'one', 'one')
      fake().secrets.replicate('one', 'us-east-1')
      fake().inject(fault, 'eu-west-1')
      clear()
      const sts_endpoint = `${fake().address}/sts/{region}`
      const store = await open('aws', { replica_regions: 'us-east-1', sts_endpoint })
      expect(await textsOf(store, ...reads('one'))).toEqual(['one'])
      expect(operations()).toEqual([
        ...['sts', 'sts in us-east-1', 'GetSecretValue', 'GetSecretValue in us-east-1'],
      ])
    },
  )

  test.each([
    ['denied', 'store_refused'],
    ['throttled', 'store_busy'],
  ] as const)('asks no replica when it is %s: %s', async (fault, code) => {
    const store = await open('aws', replicas)
    await write(store, 'one', 'one')
    fake().secrets.replicate('one', 'eu-central-1')
    fake().inject(fault, 'eu-west-1')
    expect(await textsOf(store, ...reads('one'))).toEqual([code])
    expect(operations().filter((name) => name.includes('eu-central-1'))).toEqual([])
  })
})

describe('Parameter Store', () => {
  test('reads ten parameters in one call', async () => {
    const store = await open('ssm')
    const names = Array.from({ length: 12 }, (_, index) => `/app/key-${index}`)
    for (const name of names) await write(store, name, `value of ${name}`)
    clear()
    expect(await textsOf(store, ...reads(...names, '/app/none'))).toEqual([
      ...names.map((name) => `value of ${name}`),
      'secret_missing',
    ])
    expect(operations()).toEqual(['GetParameters', 'GetParameters'])
  })

  test('reads versions and labels, after @ and after a colon, and names without their first slash', async () => {
    const store = await open('ssm')
    await write(store, '/app/db', 'one')
    fake().parameters.label('/app/db', 'blue')
    await write(store, '/app/db', 'two')
    const wanted = [
      ...[readOf('/app/db'), readOf('app/db'), readOf('/app/db', '1'), readOf('/app/db:1')],
      ...[readOf('/app/db', 'label:blue'), readOf('/app/db:blue'), readOf('/app/db', '7')],
      readOf('/app/db:1', '2'),
    ]
    expect(await textsOf(store, ...wanted)).toEqual([
      ...['two', 'two', 'one', 'one', 'one', 'one', 'secret_missing', 'input_invalid'],
    ])
  })

  test('reads a parameter that was deleted and made anew, whose versions begin with 1 again', async () => {
    const store = await open('ssm')
    const known = await write(store, '/app/db', 'one')
    await store.delete?.('/app/db', { isFinal: true })
    expect(await write(store, '/app/db', 'two')).toBe(known)
    expect(await textsOf(store, readOf('/app/db', undefined, known))).toEqual(['two'])
  })

  test('reads the others where one parameter may not be read', async () => {
    const store = await open('ssm')
    for (const name of ['/a', '/b', '/c']) await write(store, name, name)
    fake().parameters.denied.add('/b')
    expect(await textsOf(store, ...reads('/a', '/b', '/c'))).toEqual(['/a', 'store_refused', '/c'])
    expect(await failureOf(store, readOf('/b'))).toMatchObject({
      action: 'ssm:GetParameters',
      principal: 'arn:aws:sts::123456789012:assumed-role/app/session',
      path: '/b',
    })
  })
})

const keys = { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'static-secret-key' }
