import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Store, Watch } from '../../../core/stores/store.ts'
import { codeOf, readOne, textBytes } from '../../support/stores/contract-scene.ts'
import {
  askBehind,
  createFakeKubernetesPeer,
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

const create = (name: string, data: Readonly<Record<string, string>>) => {
  const encoded = Object.entries(data).map(([key, text]) => [
    key,
    Buffer.from(text).toString('base64'),
  ])
  const body = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name },
    data: Object.fromEntries(encoded),
  }
  return askBehind(peer.place(), { method: 'POST', body })
}

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

describe('a watch', () => {
  const watches: Watch[] = []
  afterEach(() => {
    for (const watch of watches.splice(0)) watch.close()
  })
  /** Each change that is heard of, as it comes. */
  const follow = (...paths: readonly string[]) => {
    const heard: string[] = []
    const waiting: (() => void)[] = []
    const watch = store.watch?.(paths, (path) => {
      heard.push(path)
      for (const wake of waiting.splice(0)) wake()
    })
    if (watch === undefined) throw new Error('no watch')
    watches.push(watch)
    const next = async (count: number) => {
      while (heard.length < count) await new Promise<void>((resolve) => waiting.push(resolve))
      return heard
    }
    return { watch, next }
  }
  const untilWatched = async (count = 1) => {
    while (peer.fake().watchers.size < count) await new Promise((resolve) => setImmediate(resolve))
  }
  const change = (name: string) =>
    store.write?.({
      path: name,
      content: { kind: 'keys', members: new Map([['password', textBytes(String(Math.random()))]]) },
    })

  test('hears of changes, deletion and what is made anew', async () => {
    await create('db', { password: 'a' })
    await readOne(store, 'db')
    const { watch, next } = follow('db')
    while (!watch.isLive()) await new Promise((resolve) => setImmediate(resolve))
    await change('db')
    await next(1)
    await store.delete?.('db', { isFinal: true })
    await next(2)
    await change('db')
    expect(await next(3)).toEqual(['db', 'db', 'db'])
  })

  test('hears of what happened between the read and the watch', async () => {
    await create('db', { password: 'a' })
    await readOne(store, 'db')
    const other = await running.open()
    await other.delete?.('db', { isFinal: true })
    const { next } = follow('db')
    expect(await next(1)).toEqual(['db'])
  })

  test('goes on where the API server ended it', async () => {
    await create('db', { password: 'a' })
    await readOne(store, 'db')
    const { next } = follow('db')
    await untilWatched()
    for (const watcher of peer.fake().watchers) watcher.end()
    await change('db')
    expect(await next(1)).toEqual(['db'])
  })

  test.each([
    [
      'changed',
      (other: Store) =>
        other.write?.({ path: 'db', content: { kind: 'whole', bytes: textBytes('b') } }),
    ],
    ['is gone', (other: Store) => other.delete?.('db', { isFinal: true })],
  ])('begins anew after 410, and hears that the Secret %s', async (_, happen) => {
    await create('db', { password: 'a' })
    await readOne(store, 'db')
    await happen(await running.open())
    peer.fake().forgottenVersion = 10_000
    const { next } = follow('db')
    expect(await next(1)).toEqual(['db'])
    const starts = peer.fake().requests.filter((line) => line.includes('watch=true'))
    expect(starts.map((line) => line.includes('resourceVersion='))).toEqual([true, false])
  })

  test('says nothing after 410 where nothing changed', async () => {
    await create('db', { password: 'a' })
    await readOne(store, 'db')
    peer.fake().forgottenVersion = 10_000
    const { next } = follow('db')
    await untilWatched()
    await change('db')
    expect(await next(1)).toEqual(['db'])
  })

  test('is not live while it is refused, and lives again by itself', async () => {
    await create('db', { password: 'a' })
    running.inject?.('denied')
    const { watch, next } = follow('db', 'other')
    const refused = () => peer.fake().requests.filter((line) => line.includes('watch=true')).length
    while (refused() < 2) await new Promise((resolve) => setImmediate(resolve))
    expect(watch.isLive()).toBe(false)
    running.inject?.(undefined)
    await next(1)
    while (!watch.isLive()) await new Promise((resolve) => setImmediate(resolve))
    watch.close()
    while (peer.fake().watchers.size > 0) await new Promise((resolve) => setImmediate(resolve))
  })

  test('asks for one Secret by name and for no values', async () => {
    follow('db')
    await untilWatched()
    const [line = ''] = peer.fake().requests
    expect(new URL(`http://x${line.slice('GET '.length)}`).searchParams.get('fieldSelector')).toBe(
      'metadata.name=db',
    )
  })

  test('is not there where the settings say so', async () => {
    expect((await running.open(new Map([['watch', 'false']]))).watch).toBeUndefined()
  })
})
