/** What the azure store asks of Key Vault, and what it makes of odd answers. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Store } from '../../../core/stores/store.ts'
import { type AzureScene, openAzure, startAzureScene } from '../../support/stores/azure-peer.ts'
import {
  codeOf,
  freshPath,
  readOne,
  seenText,
  seeOne,
  textBytes,
} from '../../support/stores/contract-scene.ts'
import { type FakeAnswer, startFakeService } from '../../support/stores/fake-service.ts'
import { createMemory } from '../../support/stores/store-ports.ts'

let scene: AzureScene
let store: Store

beforeAll(async () => {
  scene = await startAzureScene()
})

beforeEach(async () => {
  scene.service.forbidden.clear()
  scene.service.settings.lag = 0
  store = await openAzure(scene)
})

afterAll(() => scene.close())

const write = (path: string, text: string, tags = new Map<string, string>()) =>
  store.write?.({ path, content: { kind: 'whole', bytes: textBytes(text) }, tags })

const asked = (from: number) =>
  scene.service.requests.slice(from).map(({ method, path }) => `${method} ${path}`)

const everythingElse = ['list', 'set', 'delete', 'recover', 'purge']

describe('azure: permissions', () => {
  test('reads need get and nothing else', async () => {
    const path = freshPath('get')
    const version = (await write(path, 'x')) ?? ''
    for (const permission of everythingElse) scene.service.forbidden.add(permission)
    const from = scene.service.requests.length
    expect(await seeOne(store, path)).toEqual(seenText('x'))
    expect(await seeOne(store, path, { version })).toEqual(seenText('x'))
    expect(await seeOne(store, path, { known: version })).toBe('unchanged')
    expect(asked(from)).toEqual([
      `GET /secrets/${path}`,
      `GET /secrets/${path}/${version}`,
      `GET /secrets/${path}`,
    ])
    expect(scene.service.requests.at(-1)?.query.get('api-version')).toBe('2025-07-01')
  })

  test('whoever may only write goes on without the tags of before, and cannot add keys', async () => {
    const path = freshPath('set')
    scene.service.forbidden.add('get')
    expect(await write(path, 'x', new Map([['team', 'a']]))).toMatch(/^[0-9a-f]{32}$/)
    const members = new Map([['key', textBytes('x')]])
    const keys = store.write?.({ path, content: { kind: 'keys', members } })
    expect(await codeOf(keys)).toBe('store_refused')
  })

  test.each([
    ['list', () => store.list?.({ limit: 1 })],
    ['list', () => store.history?.('app')],
    ['delete', () => store.delete?.('app', { isFinal: false })],
    ['recover', () => store.restore?.('app')],
    ['set', () => write('app', 'x')],
  ])('what lacks %s says so', async (permission, call) => {
    scene.service.forbidden.add(permission)
    await expect(call()).rejects.toMatchObject({
      code: 'store_refused',
      facts: {
        error: 'AccessDenied',
        hint: expect.stringContaining(`permission ${permission} on`),
      },
    })
  })
})

describe('azure: soft deletion', () => {
  test('a name that a deleted secret has cannot be written, and is told of', async () => {
    const path = freshPath('soft')
    await write(path, 'x')
    await store.delete?.(path, { isFinal: false })
    await expect(write(path, 'y')).rejects.toMatchObject({
      code: 'store_refused',
      facts: { hint: expect.stringContaining('restore it') },
    })
    await store.delete?.(path, { isFinal: true })
    await write(path, 'z')
    expect(await seeOne(store, path)).toEqual(seenText('z'))
  })

  test('waits for a secret that is on its way', async () => {
    const path = freshPath('lag')
    await write(path, 'x')
    scene.service.settings.lag = 1
    await store.delete?.(path, { isFinal: false })
    await store.restore?.(path)
    expect(await seeOne(store, path)).toEqual(seenText('x'))
    await store.delete?.(path, { isFinal: true })
    scene.service.settings.lag = 0
    expect(await codeOf(store.restore?.(path))).toBe('secret_missing')
  })

  test('whoever may restore need not be allowed to read', async () => {
    const path = freshPath('blind')
    await write(path, 'x')
    await store.delete?.(path, { isFinal: false })
    scene.service.forbidden.add('get')
    await store.restore?.(path)
    scene.service.forbidden.clear()
    expect(await seeOne(store, path)).toEqual(seenText('x'))
  })
})

describe('azure: what is made', () => {
  test('has tags, and leaves those of what was there', async () => {
    const path = freshPath('tags')
    const tagging = await openAzure(scene, new Map([['tags', 'team=a,env=dev']]))
    const content = { kind: 'whole', bytes: textBytes('x') } as const
    await tagging.write?.({ path, content, tags: new Map([['env', 'prod']]) })
    const tagsOf = () => scene.service.secrets.findVersion(path, '').tags
    expect(tagsOf()).toEqual({ team: 'a', env: 'prod' })
    scene.service.secrets.set(path, { value: 'y', tags: { theirs: '1' } })
    await tagging.write?.({ path, content })
    expect(tagsOf()).toEqual({ theirs: '1' })
  })

  test.each(['', 'a/b', 'a.b', 'ä', 'a b', '../a', 'x'.repeat(128)])(
    'is not called %j',
    async (path) => {
      const from = scene.service.requests.length
      expect(await seeOne(store, path)).toBe('input_invalid')
      expect(await codeOf(write(path, 'x'))).toBe('input_invalid')
      expect(await codeOf(store.delete?.(path, { isFinal: true }))).toBe('input_invalid')
      expect(asked(from)).toEqual([])
    },
  )

  test('has no version out of the way', async () => {
    expect(await seeOne(store, 'app', { version: '../../deletedsecrets' })).toBe('store_refused')
  })
})

describe('azure: odd answers', () => {
  const refused = (status: number, error: object) => ({ status, body: { error } })
  const forbidden = (code: string) => refused(403, { code: 'Forbidden', innererror: { code } })
  const cases: readonly (readonly [string, FakeAnswer, object])[] = [
    [
      'a role that is lacking',
      forbidden('ForbiddenByRbac'),
      { code: 'store_refused', facts: { hint: expect.stringContaining('Key Vault Secrets User') } },
    ],
    [
      'a firewall',
      forbidden('ForbiddenByFirewall'),
      { code: 'store_refused', facts: { hint: expect.stringContaining('firewall') } },
    ],
    [
      'a vault of private links',
      forbidden('ForbiddenByConnection'),
      { code: 'store_refused', facts: { hint: expect.stringContaining('private links alone') } },
    ],
    [
      'a policy that gives no permission',
      forbidden('AccessDenied'),
      { code: 'store_refused', facts: { hint: expect.stringContaining('the permission get') } },
    ],
    [
      'a secret that is disabled',
      // As the service writes it, and as its clients do.
      refused(403, { code: 'Forbidden', innerError: { code: 'SecretDisabled' } }),
      {
        code: 'secret_missing',
        facts: { reason: 'the secret is disabled', hint: expect.stringContaining('enable') },
      },
    ],
    [
      'an error that is no word',
      refused(400, { code: 'secret text', message: 'secret text' }),
      { code: 'store_refused', message: expect.not.stringContaining('secret text') },
    ],
    [
      'a token that is not taken, without a word',
      { status: 401 },
      { code: 'store_refused', facts: { hint: expect.stringContaining('check tenant_id') } },
    ],
    [
      'a secret without a value',
      { status: 200, body: { id: 'https://kv/secrets/app/1' } },
      { code: 'store_answer_invalid', facts: { reason: 'no value' } },
    ],
    [
      'a redirect',
      { status: 302, headers: { location: 'https://elsewhere.example' } },
      { code: 'store_answer_invalid' },
    ],
    ['a gateway that is down', { status: 502, body: '<html>' }, { code: 'store_busy' }],
    ['a page that is not there', { status: 404, body: '<html>' }, { code: 'store_answer_invalid' }],
  ]
  test.each(cases)('%s', async (_, answer, expected) => {
    const service = await startFakeService(() => answer)
    const odd = await openAzure(scene, new Map([['vault_url', service.address]]))
    const outcome = await readOne(odd, 'app')
    await service.close()
    expect(outcome).toMatchObject({ kind: 'failed', error: expected })
  })

  // Source: "Date-time controlled operations" of "About Azure Key Vault secrets".
  test.each([
    ['is not valid yet', { nbf: 4_102_444_800 }],
    ['is over', { exp: 1_000_000_000 }],
  ])('a secret that %s is given all the same', async (_, attributes) => {
    const body = {
      id: 'https://kv/secrets/app/1',
      value: 'x',
      attributes: { enabled: true, ...attributes },
    }
    const service = await startFakeService(() => ({ status: 200, body }))
    const odd = await openAzure(scene, new Map([['vault_url', service.address]]))
    expect(await seeOne(odd, 'app')).toEqual(seenText('x'))
    await service.close()
  })

  test('a next page elsewhere does not get the token', async () => {
    const elsewhere = await startFakeService(() => ({ status: 200, body: { value: [] } }))
    const service = await startFakeService(() => ({
      status: 200,
      body: { value: [], nextLink: `${elsewhere.address}/secrets?$skiptoken=1` },
    }))
    const memory = createMemory()
    const odd = await openAzure(scene, new Map([['vault_url', service.address]]), { memory })
    await expect(odd.list?.({ limit: 1 })).rejects.toMatchObject({
      code: 'store_answer_invalid',
      facts: { reason: 'a next page elsewhere' },
    })
    expect(elsewhere.requests).toEqual([])
    await service.close()
    await elsewhere.close()
  })
})

test('keys are not written over what a page of somebody else hides', async () => {
  const page = await startFakeService(() => ({ status: 404, body: '<html>' }))
  const odd = await openAzure(scene, new Map([['vault_url', page.address]]))
  const content = { kind: 'keys', members: new Map([['user', textBytes('a')]]) } as const
  expect(await codeOf(odd.write?.({ path: 'app', content }))).toBe('store_answer_invalid')
  expect(page.requests.filter(({ method }) => method !== 'GET')).toEqual([])
  await page.close()
})
