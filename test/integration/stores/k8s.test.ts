import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Store } from '../../../core/stores/store.ts'
import { codeOf, readOne, textBytes } from '../../support/stores/contract-scene.ts'
import { startFakeService } from '../../support/stores/fake-service.ts'
import {
  createFakeKubernetesPeer,
  createSecret,
  type FakePeer,
} from '../../support/stores/kubernetes-peer.ts'
import { describeStoreContract } from '../../support/stores/store-contract.ts'
import type { RunningPeer } from '../../support/stores/store-peer.ts'
import { openTestStore } from '../../support/stores/store-ports.ts'

describeStoreContract('k8s', createFakeKubernetesPeer())

let peer: FakePeer
let running: RunningPeer
let store: Store

beforeEach(async () => {
  peer = createFakeKubernetesPeer()
  running = await peer.start()
  store = await running.open()
})

afterEach(() => running.stop())

const create = (name: string, data: Readonly<Record<string, string>>) =>
  createSecret(peer.place(), name, data)

test('reads every key, dotted ones too, and what is no text', async () => {
  await create('registry', { '.dockercfg': '{}', 'tls.crt': 'PEM', KEY_1: '\u0000\u0001' })
  expect(await readOne(store, 'registry')).toMatchObject({
    kind: 'read',
    answer: {
      data: null,
      content: {
        kind: 'keys',
        members: new Map([
          ['.dockercfg', '{}'],
          ['tls.crt', 'PEM'],
          ['KEY_1', '\u0000\u0001'],
        ]),
      },
    },
  })
})

test('answers a Secret that has not changed with nothing', async () => {
  await create('db', { password: 'a' })
  const first = await readOne(store, 'db')
  const known = first.kind === 'read' ? (first.answer.version ?? '') : ''
  expect(await readOne(store, 'db', { known })).toEqual({ kind: 'unchanged' })
})

test('patches single keys and makes what is not there, with labels', async () => {
  await create('db', { user: 'a', password: 'old' })
  const content = { kind: 'keys', members: new Map([['password', textBytes('new')]]) } as const
  await store.write?.({ path: 'db', content })
  await store.write?.({ path: 'fresh', content, tags: new Map([['team', 'a']]) })
  expect((await store.list?.({ limit: 9 }))?.entries).toMatchObject([
    { path: 'db', tags: new Map() },
    { path: 'fresh', tags: new Map([['team', 'a']]) },
  ])
  expect(await readOne(store, 'db')).toMatchObject({
    answer: {
      content: {
        members: new Map([
          ['user', 'a'],
          ['password', 'new'],
        ]),
      },
    },
  })
  const asked = peer.fake().requests.filter((line) => /^(?:PATCH|POST)/.test(line))
  expect(asked.slice(1)).toEqual([
    'PATCH /api/v1/namespaces/apps/secrets/db',
    'PATCH /api/v1/namespaces/apps/secrets/fresh',
    'POST /api/v1/namespaces/apps/secrets',
  ])
})

test('refuses keys that a Secret cannot have', async () => {
  const content = { kind: 'keys', members: new Map([['a b', textBytes('x')]]) } as const
  expect(await codeOf(store.write?.({ path: 'db', content }))).toBe('input_invalid')
})

test('lists without values', async () => {
  await create('db', { password: 'hunter2' })
  await store.list?.({ limit: 1 })
  const [query = ''] = peer.fake().requests.filter((line) => line.startsWith('GET'))
  expect(query).toContain('limit=500')
})

test('refuses labels that would be more of a query', async () => {
  const tags = new Map([['a', 'b,c!=d']])
  expect(await codeOf(store.list?.({ tags, limit: 1 }))).toBe('input_invalid')
})

describe('where the API is', () => {
  const open = (values: Readonly<Record<string, string>>, environment = {}) =>
    openTestStore('k8s', new Map(Object.entries(values)), { environment })

  test.each([
    ['without a server outside of a pod', {}, {}],
    ['without a namespace', { server: 'https://api.example:6443' }, {}],
  ])('is needed: %s', async (_, values, environment) => {
    expect(await codeOf(open(values, environment))).toBe('config_invalid')
  })

  test('takes no token of this cluster to another server', async () => {
    const { server, namespace } = peer.place()
    const other = await open({ server, namespace })
    expect(await readOne(other, 'db')).toMatchObject({
      error: { code: 'store_refused', facts: { status: 401, reason: 'Unauthorized' } },
    })
  })

  test('takes a page of somebody else for no answer', async () => {
    const page = await startFakeService(() => ({ status: 404, body: '<html>' }))
    const { namespace } = peer.place()
    const other = await open({ server: page.address, namespace })
    expect(await readOne(other, 'db')).toMatchObject({
      error: { code: 'store_answer_invalid', facts: { status: 404, path: 'db' } },
    })
    await page.close()
  })

  test('says which token cannot be read', async () => {
    const { server, namespace } = peer.place()
    const other = await open({ server, namespace, token_path: '/nowhere/token' })
    expect(await readOne(other, 'db')).toMatchObject({
      error: { code: 'jwt_unreadable', facts: { path: 'db', at: '/nowhere/token' } },
    })
  })

  test('says which authorities cannot be read', async () => {
    const { server, namespace } = peer.place()
    const values = { server, namespace, ca_cert: '/nowhere/ca.crt' }
    expect(await codeOf(open(values))).toBe('tls_invalid')
  })
})
