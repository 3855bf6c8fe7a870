/** Who the gcp store is to Google. */
import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { exportPKCS8, generateKeyPair } from 'jose'
import { appSubject, createClusterIssuer } from '../../support/stores/cluster-issuer.ts'
import { readOne, seenText, seeOne } from '../../support/stores/contract-scene.ts'
import { startFakeService } from '../../support/stores/fake-service.ts'
import { type GcpScene, nameOf, openGcp, startGcpScene } from '../../support/stores/gcp-peer.ts'
import {
  actedAs,
  developer,
  keyHolder,
  provider,
} from '../../support/stores/google-identity-fake.ts'
import { createMemory, openTestStore } from '../../support/stores/store-ports.ts'

let scene: GcpScene
let privateKey: string

beforeAll(async () => {
  scene = await startGcpScene()
  scene.service.secrets.create(nameOf('app'), { replication: { automatic: {} } })
  scene.service.secrets.addVersion(nameOf('app'), { data: 'eA==' })
  const pair = await generateKeyPair('RS256', { extractable: true })
  privateKey = await exportPKCS8(pair.privateKey)
  scene.identity.trustKey(pair.publicKey)
})

beforeEach(() => {
  scene.service.holders.length = 0
  scene.identity.requests.length = 0
})

afterAll(() => scene.close())

const file = (name: string, content: object | string) => {
  const path = `${scene.tokenPath}-${name}`
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}
const audience = `//iam.googleapis.com/${provider}`
const keyFile = () => ({
  type: 'service_account',
  client_email: keyHolder,
  private_key_id: 'kid-1',
  private_key: privateKey,
})
const external = () => ({
  type: 'external_account',
  audience,
  subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
  token_url: `${scene.identity.address}/v1/token`,
  credential_source: { file: scene.tokenPath },
})
const user = () => ({
  type: 'authorized_user',
  token_uri: `${scene.identity.address}/token`,
  quota_project_id: 'payer',
  ...developer,
})
/** Without what makes the pod a federated one. */
const bare = () =>
  new Map([...scene.settings].filter(([key]) => !['provider', 'token_path'].includes(key)))
const acting = new Map([['service_account', actedAs]])

describe('gcp: an identity', () => {
  const credentials = (content: object) => ({
    GOOGLE_APPLICATION_CREDENTIALS: file('credentials', content),
  })
  const metadata = () => ({ GCE_METADATA_HOST: new URL(scene.identity.address).host })
  const cases: readonly (readonly [
    string,
    string,
    () => ReadonlyMap<string, string>,
    () => Readonly<Record<string, string>>,
  ])[] = [
    ['of a federated pod', appSubject, () => scene.settings, () => ({})],
    [
      'of a federated pod by the whole name of its provider',
      appSubject,
      () => new Map([...scene.settings, ['provider', audience]]),
      () => ({}),
    ],
    [
      'of a federated pod as a service account',
      actedAs,
      () => new Map([...scene.settings, ...acting]),
      () => ({}),
    ],
    ['by the key of a service account', keyHolder, bare, () => credentials(keyFile())],
    [
      'by the key of a service account for another one',
      actedAs,
      () => new Map([...bare(), ...acting]),
      () => credentials(keyFile()),
    ],
    [
      'by the key of a service account for itself',
      keyHolder,
      () => new Map([...bare(), ['service_account', keyHolder]]),
      () => credentials(keyFile()),
    ],
    ['by a description of a federation', appSubject, bare, () => credentials(external())],
    ['of a developer', 'developer', bare, () => credentials(user())],
    [
      'of a developer as a service account',
      actedAs,
      () => new Map([...bare(), ...acting]),
      () => credentials(user()),
    ],
    [
      'that gcloud has left at home',
      'developer',
      bare,
      () => {
        file('gcloud', '')
        const folder = scene.tokenPath.slice(0, scene.tokenPath.lastIndexOf('/'))
        writeFileSync(`${folder}/application_default_credentials.json`, JSON.stringify(user()))
        return { CLOUDSDK_CONFIG: folder }
      },
    ],
    ['of the machine', 'machine', bare, metadata],
    [
      'of the machine although there are credentials',
      'machine',
      () => new Map([...bare(), ['identity', 'metadata']]),
      () => ({ ...metadata(), ...credentials(keyFile()) }),
    ],
    [
      'of the machine as a service account',
      actedAs,
      () => new Map([...bare(), ...acting]),
      metadata,
    ],
  ]
  test.each(cases)('%s', async (_, holder, settings, environment) => {
    const store = await openTestStore('gcp', settings(), { environment: environment() })
    expect(await seeOne(store, 'app')).toEqual(seenText('x'))
    expect(scene.service.holders).toEqual([holder])
  })

  test.each([
    ['the credentials', 'payer', () => credentials(user())],
    [
      'the environment',
      'other',
      () => ({ ...credentials(user()), GOOGLE_CLOUD_QUOTA_PROJECT: 'other' }),
    ],
    ['nobody', undefined, () => credentials(keyFile())],
  ])('is paid by the project that %s names', async (_, payer, environment) => {
    const store = await openTestStore('gcp', bare(), { environment: environment() })
    expect(await seeOne(store, 'app')).toEqual(seenText('x'))
    expect(scene.service.requests.at(-1)?.headers['x-goog-user-project']).toBe(payer)
  })

  test('has the project of the machine where none is named', async () => {
    const settings = new Map([...bare()].filter(([key]) => key !== 'project'))
    const store = await openTestStore('gcp', settings, { environment: metadata() })
    expect(await seeOne(store, 'app')).toEqual(seenText('x'))
    expect(scene.service.requests.at(-1)?.path).toContain('/projects/demo-project/')
  })
})

describe('gcp: a projected token is refused', () => {
  const minted = async (changes: object) =>
    scene.cluster.mint({ audience, subject: appSubject, ...changes })
  const cases: readonly (readonly [string, () => Promise<string>, string?])[] = [
    ['for another audience', () => minted({ audience: 'vault' })],
    [
      'of another pod',
      () => minted({ subject: 'system:serviceaccount:demo:other' }),
      'unauthorized_client',
    ],
    ['of another issuer', () => minted({ issuer: 'https://elsewhere.example' })],
    ['that is over', () => minted({ lifetime: -60 })],
    [
      'with another signature',
      async () => (await createClusterIssuer()).mint({ audience, subject: appSubject }),
    ],
    ['that is no token', async () => 'no-token'],
  ]
  test.each(cases)('%s', async (_, mint, reason = 'invalid_grant') => {
    const token = await mint()
    const changes = new Map([['token_path', file('bad', token)]])
    const outcome = await readOne(await openGcp(scene, changes), 'app')
    expect(outcome).toMatchObject({
      error: {
        code: 'credentials_unavailable',
        facts: { store: 'gcp', path: 'app', at: '/v1/token', status: 400, reason },
      },
    })
    expect(JSON.stringify(outcome)).not.toContain(token)
  })

  test('and so is a file without one', async () => {
    const outcome = await readOne(
      await openGcp(scene, new Map([['token_path', '/nowhere']])),
      'app',
    )
    expect(outcome).toMatchObject({ error: { code: 'credentials_unavailable' } })
  })

  test('and an account that the pod may not act as', async () => {
    const changes = new Map([['service_account', 'boss@demo-project.iam.gserviceaccount.com']])
    expect(await readOne(await openGcp(scene, changes), 'app')).toMatchObject({
      error: {
        code: 'credentials_unavailable',
        facts: { status: 403, reason: 'PERMISSION_DENIED' },
      },
    })
  })
})

describe('gcp: a token', () => {
  const exchanges = () => scene.identity.requests.length

  test('that nobody gives is not waited for by whoever is told to end', async () => {
    const silent = await startFakeService(() => 'hang')
    const store = await openGcp(scene, new Map([['sts_endpoint', silent.address]]))
    const ending = new AbortController()
    const pending = readOne(store, 'app', { signal: ending.signal })
    setImmediate(() => ending.abort())
    expect(await pending).toMatchObject({ error: { facts: { cause: 'ABORT_ERR' } } })
    await silent.close()
  })

  test('is asked for once by many reads', async () => {
    const store = await openGcp(scene)
    await Promise.all([seeOne(store, 'app'), seeOne(store, 'app'), seeOne(store, 'app')])
    expect(exchanges()).toBe(1)
  })

  test('is shared by stores of one identity, and outlives the process', async () => {
    const memory = createMemory()
    await seeOne(await openGcp(scene, new Map(), { memory }), 'app')
    await seeOne(await openGcp(scene, new Map(), { memory }), 'app')
    expect(exchanges()).toBe(1)
    await seeOne(await openGcp(scene, acting, { memory }), 'app')
    expect(exchanges()).toBe(3)
  })

  test('is renewed five minutes before its end', async () => {
    let now = Date.now()
    const store = await openGcp(scene, new Map(), { now: () => now })
    await seeOne(store, 'app')
    now += 54 * 60_000
    await seeOne(store, 'app')
    expect(exchanges()).toBe(1)
    now += 2 * 60_000
    await seeOne(store, 'app')
    expect(exchanges()).toBe(2)
  })

  test('is used to its end while no other is given', async () => {
    let now = Date.now()
    const changes = new Map([['token_path', file('short', '')]])
    const fill = async (text: string) => file('short', text)
    await fill(await scene.cluster.mint({ audience, subject: appSubject }))
    const store = await openGcp(scene, changes, { now: () => now })
    await seeOne(store, 'app')
    await fill('no-token')
    now += 58 * 60_000
    expect(await seeOne(store, 'app')).toEqual(seenText('x'))
    now += 3 * 60_000
    expect(await seeOne(store, 'app')).toBe('credentials_unavailable')
  })

  test('that was kept and is over is replaced at once', async () => {
    const memory = createMemory()
    await seeOne(await openGcp(scene, new Map(), { memory }), 'app')
    scene.identity.tokens.end()
    expect(await seeOne(await openGcp(scene, new Map(), { memory }), 'app')).toEqual(seenText('x'))
    expect(exchanges()).toBe(2)
  })
})
