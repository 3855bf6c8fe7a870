import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Store, Watch } from '../../../core/stores/store.ts'
import { readOne, textBytes } from '../../support/stores/contract-scene.ts'
import {
  createFakeKubernetesPeer,
  createSecret,
  type FakePeer,
} from '../../support/stores/kubernetes-peer.ts'
import type { RunningPeer } from '../../support/stores/store-peer.ts'

let peer: FakePeer
let running: RunningPeer
let store: Store
const watches: Watch[] = []

beforeEach(async () => {
  peer = createFakeKubernetesPeer()
  running = await peer.start()
  store = await running.open()
})

afterEach(async () => {
  for (const watch of watches.splice(0)) watch.close()
  await running.stop()
})

const create = (name: string, data: Readonly<Record<string, string>>) =>
  createSecret(peer.place(), name, data)

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

test('has a Secret read at once where the watch of it is lost, and once only', async () => {
  const { watch, next } = follow({ db: await made('db') })
  await until(() => watch.isLive())
  running.inject?.('denied')
  for (const watcher of peer.fake().watchers) watcher.end()
  expect(await next(1)).toEqual(['db'])
  expect(watch.isLive()).toBe(false)
  const refused = asked().length
  await until(() => asked().length === refused + 2)
  running.inject?.(undefined)
  await until(() => watch.isLive())
  await change('db')
  expect(await next(2)).toEqual(['db', 'db'])
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
