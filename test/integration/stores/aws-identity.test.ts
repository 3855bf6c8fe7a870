/** Where the keys come from, how long they are used, and what is said when there are none or AWS does not take them. */
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import { trustedSubject } from '../../support/stores/aws-fake-identity.ts'
import {
  failureOf,
  readOf,
  reads,
  textsOf,
  useAwsScene,
  write,
} from '../../support/stores/aws-scene.ts'
import { createMemory } from '../../support/stores/store-ports.ts'

const { clear, fake, open, operations, tokenPath } = useAwsScene()
const hour = 3_600_000
const put = async (name = 'db') => {
  const store = await open('aws')
  await write(store, name, 'value')
  clear()
}
const project = async (audience: string, subject = trustedSubject, expiresAt = Date.now() + hour) =>
  writeFileSync(tokenPath(), await fake().cluster.issue(audience, subject, expiresAt))

describe('a projected token', () => {
  test('is exchanged once for all stores and processes with the same role', async () => {
    await put()
    const memory = createMemory()
    const first = await open('aws', {}, { memory })
    expect(await textsOf(first, ...reads('db'))).toEqual(['value'])
    const second = await open('ssm', {}, { memory })
    expect(await textsOf(second, ...reads('none'))).toEqual(['secret_missing'])
    const third = await open('aws', {}, { memory })
    expect(await textsOf(third, ...reads('db'))).toEqual(['value'])
    expect(operations()).toEqual(['sts', 'GetSecretValue', 'GetParameters', 'GetSecretValue'])
    clear()
    const role_arn = 'arn:aws:iam::123456789012:role/other'
    const other = await open('aws', { role_arn }, { memory })
    expect(await textsOf(other, ...reads('db'))).toEqual(['value'])
    expect(operations()).toEqual(['sts', 'GetSecretValue'])
  })

  test('is exchanged once for reads that are made at the same time', async () => {
    await put()
    const store = await open('aws')
    await Promise.all([1, 2, 3].map(() => textsOf(store, ...reads('db'))))
    expect(operations().filter((name) => name === 'sts')).toHaveLength(1)
  })

  test('is exchanged again five minutes before the keys end, and not before', async () => {
    await put()
    let ms = 0
    const store = await open('aws', {}, { now: () => Date.now() + ms })
    await textsOf(store, ...reads('db'))
    ms = hour - 302_000
    fake().skewBy(ms)
    clear()
    await textsOf(store, ...reads('db'))
    expect(operations()).toEqual(['GetSecretValue'])
    ms = hour - 298_000
    fake().skewBy(ms)
    clear()
    await project('sts.amazonaws.com', trustedSubject, Date.now() + 2 * hour)
    expect(await textsOf(store, ...reads('db'))).toEqual(['value'])
    expect(operations()).toEqual(['sts', 'GetSecretValue'])
  })

  test('leaves the keys in use while it cannot be exchanged and they last', async () => {
    await put()
    let ms = 0
    const store = await open('aws', {}, { now: () => Date.now() + ms })
    await textsOf(store, ...reads('db'))
    ms = hour - 200_000
    fake().skewBy(ms)
    await project('sts.amazonaws.com', 'system:serviceaccount:demo:other', Date.now() + 2 * hour)
    expect(await textsOf(store, ...reads('db'))).toEqual(['value'])
    ms = hour + 1000
    fake().skewBy(ms)
    expect(await textsOf(store, ...reads('db'))).toEqual(['credentials_unavailable'])
  })

  test.each([
    ['of another audience', 'vault', trustedSubject, hour, 'InvalidIdentityToken'],
    ['of another ServiceAccount', 'sts.amazonaws.com', 'system:x', hour, 'AccessDenied'],
    ['that is over', 'sts.amazonaws.com', trustedSubject, -hour, 'ExpiredTokenException'],
  ])('%s gives no keys', async (_, audience, subject, life, reason) => {
    await project(audience, subject, Date.now() + life)
    const failure = await failureOf(await open('aws'), readOf('db'))
    expect(failure).toMatchObject({
      code: 'credentials_unavailable',
      reason,
      path: 'db',
      at: '/sts',
    })
  })

  test('that is not there is named', async () => {
    const store = await open('aws', { token_path: '/nowhere/token' })
    expect(await failureOf(store, readOf('db'))).toMatchObject({
      code: 'credentials_unavailable',
      path: 'db',
      at: '/nowhere/token',
    })
  })

  test('of the environment serves a store without settings of its own', async () => {
    await put()
    const environment = {
      AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/app',
      AWS_WEB_IDENTITY_TOKEN_FILE: tokenPath(),
      AWS_ENDPOINT_URL_STS: `${fake().address}/sts`,
      AWS_ROLE_SESSION_NAME: 'pod-1',
    }
    const none = { role_arn: '', token_path: '', sts_endpoint: '' }
    expect(await textsOf(await open('aws', none, { environment }), ...reads('db'))).toEqual([
      'value',
    ])
    expect(fake().calls[0]?.body).toContain('RoleSessionName=pod-1')
  })
})

test('a read that is ended does not wait for keys', async () => {
  const server = createServer(() => ending.abort()).listen(0, '127.0.0.1')
  const ending = new AbortController()
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const store = await open('aws', { sts_endpoint: `http://127.0.0.1:${port}` })
  const outcomes = await store.read(reads('db'), ending.signal)
  expect(outcomes).toMatchObject([
    { error: { code: 'store_unreachable', facts: { cause: 'ABORT_ERR', path: 'db' } } },
  ])
  server.closeAllConnections()
  server.close()
})

test('EKS Pod Identity gives keys for a token of its own', async () => {
  await put()
  await project('pods.eks.amazonaws.com')
  const environment = { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${fake().address}/v1/credentials` }
  const settings = { identity: 'pod-identity', role_arn: '' }
  const store = await open('aws', settings, { environment })
  expect(await textsOf(store, ...reads('db'))).toEqual(['value'])
  expect(operations()).toEqual(['pod-identity', 'GetSecretValue'])
  await project('pods.eks.amazonaws.com', 'system:serviceaccount:other:other')
  const other = await open('aws', settings, { environment })
  expect(await failureOf(other, readOf('db'))).toMatchObject({
    code: 'credentials_unavailable',
    status: 400,
    reason: 'AccessDeniedException',
  })
})

test('the instance gives the keys of its role, once for as long as they last', async () => {
  await put()
  const environment = { AWS_EC2_METADATA_SERVICE_ENDPOINT: fake().address }
  const settings = { identity: 'instance', role_arn: '', token_path: '' }
  const store = await open('aws', settings, { environment })
  expect(await textsOf(store, ...reads('db'))).toEqual(['value'])
  const asked = ['instance PUT', 'instance GET', 'instance PUT', 'instance GET']
  expect(operations()).toEqual([...asked, 'GetSecretValue'])
  clear()
  expect(await textsOf(store, ...reads('db'))).toEqual(['value'])
  expect(operations()).toEqual(['GetSecretValue'])
})

const staticKeys = { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'static-secret-key' }

test('a role of the store goes before keys of the environment, which go before the pod’s', async () => {
  await put()
  await textsOf(await open('aws', {}, { environment: staticKeys }), ...reads('db'))
  expect(operations()).toEqual(['sts', 'GetSecretValue'])
  clear()
  const environment = {
    ...staticKeys,
    AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/app',
    AWS_WEB_IDENTITY_TOKEN_FILE: tokenPath(),
  }
  const none = { role_arn: '', token_path: '' }
  expect(await textsOf(await open('aws', none, { environment }), ...reads('db'))).toEqual(['value'])
  expect(operations()).toEqual(['GetSecretValue'])
})

test('what is missing is said', async () => {
  const environment = { AWS_EC2_METADATA_DISABLED: 'true' }
  const none = { role_arn: '', token_path: '' }
  expect(await failureOf(await open('aws', none, { environment }), readOf('db'))).toMatchObject({
    code: 'credentials_unavailable',
    hint: 'there is neither a role with a projected token nor EKS Pod Identity',
  })
  const named = await open('aws', { ...none, identity: 'web-identity' })
  expect(await failureOf(named, readOf('db'))).toMatchObject({
    reason: 'no role_arn with its token_path',
  })
})

describe('a clock that is wrong', () => {
  test.each([-8, 8])('by %d minutes is learnt of, once', async (minutes) => {
    await put()
    const now = () => Date.now() + minutes * 60_000
    const settings = { role_arn: '', token_path: '' }
    const store = await open('aws', settings, { environment: staticKeys, now })
    expect(await textsOf(store, ...reads('db'))).toEqual(['value'])
    expect(await textsOf(store, ...reads('db'))).toEqual(['value'])
    expect(operations()).toEqual(['GetSecretValue', 'GetSecretValue', 'GetSecretValue'])
  })
})

test('a wrong secret key is said to be one, after one try', async () => {
  const settings = { role_arn: '', token_path: '' }
  const environment = { ...staticKeys, AWS_SECRET_ACCESS_KEY: 'wrong' }
  const store = await open('aws', settings, { environment })
  expect(await failureOf(store, readOf('db'))).toEqual({
    code: 'store_refused',
    store: 'aws',
    path: 'db',
    region: 'eu-west-1',
    status: 400,
    reason: 'InvalidSignatureException',
    hint: 'check the secret key, and the clock of this machine',
  })
})

test('an endpoint of another region is said to be one', async () => {
  await put()
  const store = await open('aws', { endpoint: `${fake().address}/us-east-1` })
  expect(await failureOf(store, readOf('db'))).toMatchObject({
    hint: 'the endpoint is one of another region',
  })
})

test('what a policy denies is named with its action and role', async () => {
  await put()
  fake().deny('GetSecretValue')
  expect(await failureOf(await open('aws'), readOf('db'))).toEqual({
    code: 'store_refused',
    store: 'aws',
    path: 'db',
    region: 'eu-west-1',
    status: 400,
    reason: 'AccessDeniedException',
    action: 'secretsmanager:GetSecretValue',
    principal: 'arn:aws:sts::123456789012:assumed-role/app/session',
    hint: 'allow this action in a policy of the role',
  })
})
