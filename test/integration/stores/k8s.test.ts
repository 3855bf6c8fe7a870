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
  /** Each change that is heard of, as it comes; `known`: the version that is held of each. */
  const follow = (known: Readonly<Record<string, string | undefined>>) => {
    const heard: string[] = []
    const waiting: (() => void)[] = []
    const secrets = Object.entries(known).map(([path, version]) => ({ path, known: version }))
    const watch = store.watch?.(secrets, (path) => {
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
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await new Promise((resolve) => setImmediate(resolve))
  }
  const isWatched = () => peer.fake().watchers.size > 0
  const asked = () =>
    peer
      .fake()
      .requests.filter((line) => line.includes('fieldSelector='))
      .map((line) => new URL(`http://x${line.slice('GET '.length)}`).searchParams)
  const change = (name: string) =>
    store.write?.({
      path: name,
      content: { kind: 'keys', members: new Map([['password', textBytes(String(Math.random()))]]) },
    })
  /** Makes it and gives the version that a read has of it. */
  const made = async (name: string) => {
    await create(name, { password: 'a' })
    const outcome = await readOne(store, name)
    return outcome.kind === 'read' ? outcome.answer.version : undefined
  }

  test('hears of changes, deletion and what is made anew', async () => {
    const { watch, next } = follow({ db: await made('db') })
    await until(() => watch.isLive())
    await change('db')
    await next(1)
    await store.delete?.('db', { isFinal: true })
    await next(2)
    await change('db')
    expect(await next(3)).toEqual(['db', 'db', 'db'])
  })

  test.each([
    [
      'changed',
      (other: Store) =>
        other.write?.({ path: 'db', content: { kind: 'whole', bytes: textBytes('b') } }),
    ],
    ['is gone', (other: Store) => other.delete?.('db', { isFinal: true })],
  ])('hears that a Secret %s between the read and the watch', async (_, happen) => {
    const known = await made('db')
    await happen(await running.open())
    expect(await follow({ db: known }).next(1)).toEqual(['db'])
  })

  test('hears of one that nobody could read yet, and of nothing that is known', async () => {
    const known = await made('db')
    await create('other', { password: 'a' })
    const { watch, next } = follow({ db: known, other: undefined, none: undefined })
    await until(() => watch.isLive())
    await change('none')
    expect((await next(2)).toSorted()).toEqual(['none', 'other'])
  })

  test('goes on where the API server ended it', async () => {
    const { next } = follow({ db: await made('db') })
    await until(isWatched)
    for (const watcher of peer.fake().watchers) watcher.end()
    await change('db')
    expect(await next(1)).toEqual(['db'])
    expect(asked().filter((query) => query.get('watch') === null)).toHaveLength(1)
  })

  test('goes on from a bookmark, whatever came before is forgotten', async () => {
    const { next } = follow({ db: await made('db') })
    await until(isWatched)
    peer.fake().forgottenVersion = 101
    peer.fake().mark()
    for (const watcher of peer.fake().watchers) watcher.end()
    await until(() => asked().length === 3)
    await change('db')
    expect(await next(1)).toEqual(['db'])
    expect(asked().map((query) => query.get('resourceVersion'))).toEqual([null, '101', '102'])
  })

  test('begins anew after 410, and hears what changed meanwhile', async () => {
    const { next } = follow({ db: await made('db') })
    await until(isWatched)
    for (const watcher of peer.fake().watchers) watcher.end()
    peer.fake().forgottenVersion = 101
    await (await running.open()).delete?.('db', { isFinal: true })
    expect(await next(1)).toEqual(['db'])
    await until(isWatched)
    expect(asked().map((query) => query.get('watch'))).toEqual([null, 'true', 'true', null, 'true'])
  })

  test('says nothing after 410 where nothing changed', async () => {
    const { next } = follow({ db: await made('db') })
    await until(isWatched)
    for (const watcher of peer.fake().watchers) watcher.end()
    peer.fake().forgottenVersion = 101
    await create('other', {})
    await until(() => asked().length === 5)
    await change('db')
    expect(await next(1)).toEqual(['db'])
  })

  test('is not live while it is refused, and lives again by itself', async () => {
    await create('db', { password: 'a' })
    running.inject?.('denied')
    const { watch, next } = follow({ db: undefined, other: undefined })
    await until(() => asked().length === 2)
    expect(watch.isLive()).toBe(false)
    running.inject?.(undefined)
    await next(1)
    await until(() => watch.isLive())
    watch.close()
    await until(() => !isWatched())
  })

  test('asks for one Secret by name and for no values', async () => {
    follow({ db: undefined })
    await until(isWatched)
    const byName = 'metadata.name=db'
    expect(asked().map((query) => query.get('fieldSelector'))).toEqual([byName, byName])
    expect(peer.fake().accepts).toEqual([
      expect.stringMatching(/^application\/json;as=PartialObjectMetadataList;/),
      expect.stringMatching(/^application\/json;as=PartialObjectMetadata;/),
    ])
  })

  test('is not there where the settings say so', async () => {
    expect((await running.open(new Map([['watch', 'false']]))).watch).toBeUndefined()
  })
})
