import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Store } from '../../../core/stores/store.ts'
import {
  codeOf,
  readOne,
  seenText,
  seeOne,
  textBytes,
} from '../../support/stores/contract-scene.ts'
import { filePeer } from '../../support/stores/file-peer.ts'
import { seenOutcome } from '../../support/stores/seen-content.ts'
import { describeStoreContract } from '../../support/stores/store-contract.ts'
import { openTestStore } from '../../support/stores/store-ports.ts'

describeStoreContract('file', filePeer)

let folder: string
let root: string
let store: Store

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'claviger-file-'))
  root = join(folder, 'secrets')
  mkdirSync(root)
  writeFileSync(join(folder, 'outside'), 'not for the store')
  store = await openTestStore('file', new Map([['directory', root]]))
})

afterEach(() => rmSync(folder, { recursive: true }))

const write = (path: string, text: string) =>
  store.write?.({ path, content: { kind: 'whole', bytes: textBytes(text) } })

describe('there is no way out of the directory', () => {
  const names = [
    '../outside',
    'a/../../outside',
    '/etc/hostname',
    '',
    'a//b',
    './a',
    '..data/a',
    'a\0b',
  ]
  test.each(names)('%j is no name', async (path) => {
    expect(await seeOne(store, path)).toBe('input_invalid')
    expect(await codeOf(write(path, 'x'))).toBe('input_invalid')
    expect(await codeOf(store.delete?.(path, { isFinal: true }))).toBe('input_invalid')
  })

  test('by a link to a file', async () => {
    symlinkSync(join(folder, 'outside'), join(root, 'link'))
    expect(await seeOne(store, 'link')).toBe('store_refused')
    expect(await codeOf(write('link', 'x'))).toBe('store_refused')
    expect(await codeOf(store.delete?.('link', { isFinal: true }))).toBe('store_refused')
    expect(readFileSync(join(folder, 'outside'), 'utf8')).toBe('not for the store')
  })

  test('by a link to a directory', async () => {
    symlinkSync(folder, join(root, 'up'))
    expect(await seeOne(store, 'up/outside')).toBe('store_refused')
    expect(await codeOf(write('up/new', 'x'))).toBe('store_refused')
    expect(await codeOf(store.delete?.('up/outside', { isFinal: true }))).toBe('secret_missing')
    expect(readdirSync(folder).toSorted()).toEqual(['outside', 'secrets'])
    expect(await store.list?.({ limit: 10 })).toEqual({ entries: [], isCapped: false })
  })
})

test('writes files that only their owner may read, in directories that only they may enter', async () => {
  await write('app/prod/db', 'hunter2')
  expect(statSync(join(root, 'app/prod/db')).mode & 0o777).toBe(0o600)
  expect(statSync(join(root, 'app/prod')).mode & 0o777).toBe(0o700)
  chmodSync(join(root, 'app/prod/db'), 0o644)
  await write('app/prod/db', 'hunter3')
  expect(statSync(join(root, 'app/prod/db')).mode & 0o777).toBe(0o600)
  expect(readdirSync(join(root, 'app/prod'))).toEqual(['db'])
})

test('makes the directory with the first secret', async () => {
  const fresh = join(root, 'not/yet')
  const other = await openTestStore('file', new Map([['directory', fresh]]))
  expect(await seeOne(other, 'db')).toBe('store_unreachable')
  const content = { kind: 'keys', members: new Map([['user', textBytes('a')]]) } as const
  await other.write?.({ path: 'db', content })
  expect(await seeOne(other, 'db')).toEqual(seenText('{"user":"a"}'))
})

describe('a directory that is none', () => {
  const place = (directory: string) => openTestStore('file', new Map([['directory', directory]]))
  const content = { kind: 'whole', bytes: textBytes('a') } as const

  test.each(['outside', 'outside/below'])('because of a file, %s', async (name) => {
    const other = await place(join(folder, name))
    expect(await seeOne(other, 'db')).toBe('store_unreachable')
    expect(await codeOf(other.write?.({ path: 'db', content }))).toBe('store_refused')
    expect(await codeOf(other.list?.({ limit: 1 }))).toBe('store_unreachable')
  })

  test('because the system lets nobody make one', async () => {
    const other = await place('/proc/claviger/secrets')
    expect(await codeOf(other.write?.({ path: 'db', content }))).toBe('store_unreachable')
  })
})

test('writes nothing that it would not read again', async () => {
  await write('large', 'as it was')
  const bytes = Buffer.alloc(16 * 1024 * 1024 + 1)
  const written = store.write?.({ path: 'large', content: { kind: 'whole', bytes } })
  expect(await codeOf(written)).toBe('input_invalid')
  expect(await seeOne(store, 'large')).toEqual(seenText('as it was'))
})

test('lists nested names, and not what writers of directories keep for themselves', async () => {
  for (const path of ['b', 'a/x', 'a/y/z']) await write(path, path)
  mkdirSync(join(root, '..2026_01_01'))
  writeFileSync(join(root, '..2026_01_01/hidden'), 'x')
  writeFileSync(join(root, '.claviger-0123456789abcdef'), 'x')
  writeFileSync(join(root, '.dotfile'), 'x')
  const listing = await store.list?.({ limit: 10 })
  expect(listing?.entries.map(({ path }) => path)).toEqual(['.dotfile', 'a/x', 'a/y/z', 'b'])
  expect(listing?.entries[1]?.changedAt).toBeGreaterThan(0)
  const some = await store.list?.({ glob: 'a/*z', limit: 10 })
  expect(some?.entries.map(({ path }) => path)).toEqual(['a/y/z'])
})

describe('a directory whose files change all at once', () => {
  const show = (generation: string, texts: Readonly<Record<string, string>>) => {
    mkdirSync(join(root, generation))
    for (const [name, text] of Object.entries(texts)) {
      writeFileSync(join(root, generation, name), text)
    }
    symlinkSync(generation, join(root, '..data_tmp'))
    renameSync(join(root, '..data_tmp'), join(root, '..data'))
  }

  test('is read through its links', async () => {
    show('..one', { user: 'a', password: 'b' })
    for (const name of ['user', 'password']) symlinkSync(`..data/${name}`, join(root, name))
    expect(await seeOne(store, 'user')).toEqual(seenText('a'))
    const known = await readOne(store, 'password')
    show('..two', { user: 'c', password: 'd' })
    expect(await readOne(store, 'password')).not.toEqual(known)
    expect(await seeOne(store, 'password')).toEqual(seenText('d'))
    const listing = await store.list?.({ limit: 10 })
    expect(listing?.entries.map(({ path }) => path)).toEqual(['password', 'user'])
  })

  test('is read as one generation, whenever it changes', async () => {
    show('..0', { user: '0', password: '0' })
    for (const name of ['user', 'password']) symlinkSync(`..data/${name}`, join(root, name))
    for (let turn = 1; turn <= 50; turn++) {
      const reads = ['user', 'password'].map((path) => ({
        path,
        version: undefined,
        known: undefined,
      }))
      const pending = store.read(reads)
      show(`..${turn}`, { user: String(turn), password: String(turn) })
      const [user, password] = (await pending).map(seenOutcome)
      expect(user).toEqual(password)
      expect([seenText(String(turn - 1)), seenText(String(turn))]).toContainEqual(user)
    }
  })

  test('is not written to', async () => {
    show('..one', { user: 'a' })
    symlinkSync('..data/user', join(root, 'user'))
    expect(await codeOf(write('user', 'x'))).toBe('store_refused')
    expect(await seeOne(store, 'user')).toEqual(seenText('a'))
  })
})

test('takes a directory for no secret, and a secret for no directory', async () => {
  await write('app/db', 'x')
  expect(await seeOne(store, 'app')).toBe('secret_missing')
  expect(await seeOne(store, 'app/db/x')).toBe('secret_missing')
  expect(await codeOf(write('app', 'x'))).toBe('store_refused')
  expect(await codeOf(write('app/db/x', 'x'))).toBe('store_refused')
  expect(await codeOf(store.delete?.('app', { isFinal: true }))).toBe('secret_missing')
  expect(await seeOne(store, 'app/db')).toEqual(seenText('x'))
})

test('has no versions to be asked for', async () => {
  await write('db', 'x')
  expect(await seeOne(store, 'db', { version: '1' })).toBe('input_invalid')
})

test('refuses keys of what is no JSON object', async () => {
  await write('db', 'plain text')
  const content = { kind: 'keys', members: new Map([['user', textBytes('a')]]) } as const
  expect(await codeOf(store.write?.({ path: 'db', content }))).toBe('input_invalid')
  expect(await seeOne(store, 'db')).toEqual(seenText('plain text'))
})

describe('the directory', () => {
  test('is required in a pod', async () => {
    const environment = { KUBERNETES_SERVICE_HOST: '10.0.0.1' }
    expect(await codeOf(openTestStore('file', new Map(), { environment }))).toBe('config_invalid')
  })

  test('may come from the variable of Keep HQ', async () => {
    await write('db', 'x')
    const environment = { SECRET_MANAGER_DIRECTORY: root }
    expect(await seeOne(await openTestStore('file', new Map(), { environment }), 'db')).toEqual(
      seenText('x'),
    )
  })
})
