/** Who the azure store is to Entra ID, and which tokens it gives to which vault. */
import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type AzureScene, openAzure, startAzureScene } from '../../support/stores/azure-peer.ts'
import { appSubject, createClusterIssuer } from '../../support/stores/cluster-issuer.ts'
import { readOne, seenText, seeOne } from '../../support/stores/contract-scene.ts'
import {
  application,
  clientSecret,
  exchangeAudience,
  tenant,
} from '../../support/stores/entra-fake.ts'
import { type RefusingProxy, startRefusingProxy } from '../../support/stores/refusing-proxy.ts'
import { createMemory, openTestStore } from '../../support/stores/store-ports.ts'
import { createTestAuthority } from '../../support/stores/test-authority.ts'

let scene: AzureScene
let proxy: RefusingProxy

beforeAll(async () => {
  scene = await startAzureScene()
  scene.service.secrets.set('app', { value: 'x' })
  proxy = await startRefusingProxy()
})

beforeEach(() => {
  const { service, entra } = scene
  service.settings.resource = service.address.replace(/:\d+$/, '')
  service.settings.authority = entra.address
  service.requests.length = 0
  entra.requests.length = 0
})

afterAll(async () => {
  await proxy.close()
  await scene.close()
})

const without = (...keys: readonly string[]) =>
  new Map([...scene.settings].filter(([key]) => !keys.includes(key)))
const machine = () => ({ AZURE_POD_IDENTITY_AUTHORITY_HOST: scene.entra.address })
const entraPaths = () => scene.entra.requests.map(({ path }) => path)
const exchange = `/${tenant}/oauth2/v2.0/token`
const imds = '/metadata/identity/oauth2/token'

describe('azure: an identity', () => {
  const workload = () => ({
    AZURE_FEDERATED_TOKEN_FILE: scene.tokenPath,
    AZURE_CLIENT_ID: application,
    AZURE_TENANT_ID: tenant,
    AZURE_AUTHORITY_HOST: `${scene.entra.address}/`,
  })
  const principal = { AZURE_CLIENT_SECRET: clientSecret }
  const cases: readonly (readonly [
    string,
    string,
    () => ReadonlyMap<string, string>,
    () => Readonly<Record<string, string>>,
  ])[] = [
    ['of a pod by its settings', exchange, () => scene.settings, () => ({})],
    [
      'of a pod by the variables of the workload identity webhook',
      exchange,
      () => without('client_id', 'token_path', 'authority'),
      workload,
    ],
    ['of a service principal', exchange, () => without('token_path'), () => principal],
    [
      'of a service principal although there is a pod’s token',
      exchange,
      () => new Map([...scene.settings, ['identity', 'service-principal']]),
      () => principal,
    ],
    ['of the machine', imds, () => without('client_id', 'token_path'), machine],
    ['of the machine by its client id', imds, () => without('token_path'), machine],
    [
      'of the machine although there is a pod’s token',
      imds,
      () => new Map([...scene.settings, ['identity', 'managed']]),
      machine,
    ],
  ]
  test.each(cases)('%s', async (_, path, settings, environment) => {
    const store = await openTestStore('azure', settings(), { environment: environment() })
    expect(await seeOne(store, 'app')).toEqual(seenText('x'))
    expect(entraPaths()).toEqual([path])
  })

  const minted = (changes: object) =>
    scene.cluster.mint({ audience: exchangeAudience, subject: appSubject, ...changes })
  const refused: readonly (readonly [string, () => Promise<string>])[] = [
    ['for another audience', () => minted({ audience: 'vault' })],
    ['of another pod', () => minted({ subject: 'system:serviceaccount:demo:other' })],
    ['of another issuer', () => minted({ issuer: 'https://elsewhere.example' })],
    ['that is over', () => minted({ lifetime: -60 })],
    [
      'with another signature',
      async () =>
        (await createClusterIssuer()).mint({ audience: exchangeAudience, subject: appSubject }),
    ],
  ]
  test.each(refused)('is refused by a token %s', async (_, mint) => {
    const token = await mint()
    const tokenPath = `${scene.tokenPath}-bad`
    writeFileSync(tokenPath, token)
    const outcome = await readOne(
      await openAzure(scene, new Map([['token_path', tokenPath]])),
      'app',
    )
    expect(outcome).toMatchObject({
      error: {
        code: 'credentials_unavailable',
        facts: { at: exchange, status: 400, reason: 'invalid_client AADSTS0' },
      },
    })
    expect(JSON.stringify(outcome)).not.toContain(token)
  })

  test.each([
    ['client_id', without.bind(undefined, 'client_id')],
    ['vault_url', without.bind(undefined, 'vault_url')],
    ['token_path', () => new Map([...without('token_path'), ['identity', 'workload']])],
    ['identity', () => new Map([...without('token_path'), ['identity', 'service-principal']])],
  ])('without what it needs is wrong when the store is opened: %s', async (setting, settings) => {
    await expect(openTestStore('azure', settings())).rejects.toMatchObject({
      code: 'config_invalid',
      facts: { store: 'azure', setting },
    })
  })
})

test('azure: vault and Entra ID are verified by the authority that the store is told of', async () => {
  const secure = await startAzureScene(createTestAuthority())
  secure.service.secrets.set('app', { value: 'x' })
  expect(await seeOne(await openAzure(secure), 'app')).toEqual(seenText('x'))
  const settings = new Map([...secure.settings].filter(([key]) => key !== 'ca_cert'))
  expect(await readOne(await openAzure({ settings }), 'app')).toMatchObject({
    error: { code: 'store_unreachable', facts: { cause: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' } },
  })
  await secure.close()
})

describe('azure: the challenge', () => {
  test('is asked for once, and outlives the process as the token does', async () => {
    const memory = createMemory()
    for (let step = 0; step < 3; step++) {
      const store = await openAzure(scene, new Map(), { memory })
      expect(await seeOne(store, 'app')).toEqual(seenText('x'))
    }
    expect(
      scene.service.requests.map(({ headers }) => headers.authorization === undefined),
    ).toEqual([true, false, false, false])
    expect(scene.entra.requests).toHaveLength(1)
  })

  test('comes before a value is sent anywhere', async () => {
    const store = await openAzure(scene)
    await store.write?.({ path: 'new', content: { kind: 'whole', bytes: Buffer.from('v') } })
    const sent = scene.service.requests.filter(({ body }) => body !== '')
    expect(sent.map(({ headers }) => headers.authorization === undefined)).toEqual([false])
  })

  test('a kept token that is over is replaced at once', async () => {
    const memory = createMemory()
    await seeOne(await openAzure(scene, new Map(), { memory }), 'app')
    scene.entra.tokens.end()
    expect(await seeOne(await openAzure(scene, new Map(), { memory }), 'app')).toEqual(
      seenText('x'),
    )
    expect(scene.entra.requests).toHaveLength(2)
  })

  test.each(['https://vault.azure.net', 'https://example.com', 'http://7.0.0.1', 'no address', ''])(
    'for tokens of %j gets none',
    async (resource) => {
      scene.service.settings.resource = resource
      const outcome = await readOne(await openAzure(scene), 'app')
      expect(outcome).toMatchObject({
        error: {
          code: 'store_answer_invalid',
          facts: { reason: 'a challenge for tokens of another service' },
        },
      })
      expect(scene.entra.requests).toEqual([])
      expect(scene.service.requests).toHaveLength(1)
    },
  )

  test('does not say where the proof of the pod is sent', async () => {
    scene.service.settings.authority = `${scene.service.address}/elsewhere`
    const changes = new Map([['tenant_id', tenant]])
    expect(await seeOne(await openAzure(scene, changes), 'app')).toEqual(seenText('x'))
    expect(entraPaths()).toEqual([exchange])
  })

  const environment = () => ({ HTTPS_PROXY: proxy.address })
  const at = (url: string) =>
    new Map([...without('authority'), ['vault_url', url], ['tenant_id', tenant]])
  test.each([
    ['https://kv.vault.azure.net/', 'login.microsoftonline.com:443'],
    ['https://kv.vault.azure.cn', 'login.chinacloudapi.cn:443'],
    ['https://kv.vault.usgovcloudapi.net', 'login.microsoftonline.us:443'],
  ])('%s needs none, and has its own Entra ID', async (url, target) => {
    const store = await openTestStore('azure', at(url), { environment: environment() })
    expect(await seeOne(store, 'app')).toBe('credentials_unavailable')
    expect(proxy.targets.at(-1)).toBe(target)
  })

  test('a vault whose tenant is not known is asked for it first', async () => {
    const settings = at('https://kv.vault.azure.net')
    settings.delete('tenant_id')
    const store = await openTestStore('azure', settings, { environment: environment() })
    expect(await seeOne(store, 'app')).toBe('store_unreachable')
    expect(proxy.targets.at(-1)).toBe('kv.vault.azure.net:443')
  })
})
