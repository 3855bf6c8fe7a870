/** Which way requests to AWS take: regions' own addresses, private endpoints, proxies. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { startFakeScene } from '../../support/stores/aws-peers.ts'
import {
  failureOf,
  readOf,
  reads,
  textsOf,
  useAwsScene,
  write,
} from '../../support/stores/aws-scene.ts'
import { createTestCertificate } from '../webhook/support/certificates.ts'

const { clear, fake, open, operations } = useAwsScene()
const staticKeys = { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'static-secret-key' }
const own = { endpoint: '', sts_endpoint: '' }

describe('through a proxy', () => {
  let proxy: Server
  let asked: string[]
  beforeEach(async () => {
    asked = []
    proxy = createServer().on('connect', ({ url }, socket) => {
      asked.push(url ?? '')
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  })
  afterEach(() => {
    proxy.close()
  })
  const address = () => `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`

  test.each([
    ['aws', {}, 'secretsmanager.eu-west-1.amazonaws.com:443'],
    ['aws', { fips: 'true' }, 'secretsmanager-fips.eu-west-1.amazonaws.com:443'],
    ['ssm', { dual_stack: 'true' }, 'ssm.eu-west-1.api.aws:443'],
    ['ssm', { region: 'cn-north-1' }, 'ssm.cn-north-1.amazonaws.com.cn:443'],
    ['aws', { region: '' }, 'secretsmanager.us-east-1.amazonaws.com:443'],
  ] as const)('%s with %j asks %s', async (type, changes, host) => {
    const environment = { ...staticKeys, HTTPS_PROXY: address() }
    const settings = { ...own, role_arn: '', token_path: '', ...changes }
    const store = await open(type, settings, { environment })
    expect(await failureOf(store, readOf('db'))).toMatchObject({
      code: 'store_unreachable',
      address: `https://${host.replace(':443', '')}`,
      path: 'db',
    })
    expect(asked).toEqual([host])
  })

  test('STS is asked in the region of the store', async () => {
    const environment = { HTTPS_PROXY: address() }
    const store = await open('aws', own, { environment })
    expect(await failureOf(store, readOf('db'))).toMatchObject({ code: 'credentials_unavailable' })
    expect(asked).toEqual(['sts.eu-west-1.amazonaws.com:443'])
  })

  test('of Vault no store goes', async () => {
    await write(await open('aws'), 'db', 'value')
    const environment = { VAULT_PROXY_ADDR: address(), VAULT_HTTP_PROXY: address() }
    expect(await textsOf(await open('aws', {}, { environment }), ...reads('db'))).toEqual(['value'])
  })

  test('a private endpoint is that of its region alone', async () => {
    const environment = { ...staticKeys, HTTPS_PROXY: address() }
    const settings = { endpoint: `${fake().address}/eu-west-1`, role_arn: '', token_path: '' }
    const store = await open('aws', settings, { environment })
    await write(store, 'db', 'value')
    clear()
    const far = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:db'
    expect(await textsOf(store, ...reads('db', far))).toEqual(['value', 'store_unreachable'])
    expect(operations()).toEqual(['GetSecretValue'])
    expect(asked).toEqual(['secretsmanager.us-east-1.amazonaws.com:443'])
  })
})

test.each([
  ['aws', { AWS_ENDPOINT_URL_SECRETS_MANAGER: 'fake', AWS_ENDPOINT_URL: 'nobody' }],
  ['ssm', { AWS_ENDPOINT_URL_SSM: 'fake', AWS_ENDPOINT_URL: 'nobody' }],
  ['aws', { AWS_ENDPOINT_URL: 'fake' }],
  ['ssm', { AWS_ENDPOINT_URL: 'fake' }],
] as const)('%s is asked where the variables of AWS say: %j', async (type, variables) => {
  const addresses = { fake: `${fake().address}/eu-west-1`, nobody: 'http://127.0.0.1:9' }
  const given = Object.entries(variables).map(([name, who]) => [name, addresses[who]])
  const environment = { ...staticKeys, ...Object.fromEntries(given) }
  const store = await open(type, { ...own, role_arn: '', token_path: '' }, { environment })
  await write(store, 'db', 'value')
  expect(await textsOf(store, ...reads('db'))).toEqual(['value'])
})

test('STS is asked where AWS_ENDPOINT_URL says', async () => {
  await write(await open('aws'), 'db', 'value')
  clear()
  const environment = { AWS_ENDPOINT_URL: `${fake().address}/sts` }
  const store = await open('aws', { sts_endpoint: '' }, { environment })
  expect(await textsOf(store, ...reads('db'))).toEqual(['value'])
})

test('the authorities of a store are those of its service and of STS', async () => {
  const { ca, pair } = createTestCertificate()
  const scene = await startFakeScene({ tls: pair })
  const folder = mkdtempSync(join(tmpdir(), 'claviger-ca-'))
  const path = join(folder, 'ca.pem')
  writeFileSync(path, ca)
  const trusting = await scene.open('aws', { changes: new Map([['ca_cert', path]]) })
  await write(trusting, 'db', 'value')
  expect(await textsOf(trusting, ...reads('db'))).toEqual(['value'])
  expect(await failureOf(await scene.open('aws'), readOf('db'))).toMatchObject({
    code: 'credentials_unavailable',
    address: scene.fake.address,
    cause: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  })
  await scene.close()
  rmSync(folder, { recursive: true })
})

test('a store is not opened for authorities that cannot be read', async () => {
  await expect(open('aws', { ca_cert: '/nowhere/ca.pem' })).rejects.toMatchObject({
    code: 'tls_invalid',
    facts: { path: '/nowhere/ca.pem' },
  })
})
