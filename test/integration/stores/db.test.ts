import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Store } from '../../../core/stores/store.ts'
import {
  codeOf,
  readOne,
  seenText,
  seeOne,
  textBytes,
} from '../../support/stores/contract-scene.ts'
import { seenOutcome } from '../../support/stores/seen-content.ts'
import { sqlitePeer, sqliteTable } from '../../support/stores/sqlite-peer.ts'
import { describeStoreContract } from '../../support/stores/store-contract.ts'
import { openTestStore } from '../../support/stores/store-ports.ts'

describeStoreContract('db on SQLite', sqlitePeer)

let folder: string
let file: string
let database: DatabaseSync
const now = Date.UTC(2026, 1, 3, 4, 5, 6, 789)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'claviger-db-'))
  file = join(folder, 'keep.db')
  database = new DatabaseSync(file)
  database.exec(sqliteTable)
  database.exec('PRAGMA synchronous = OFF')
})

afterEach(() => {
  database.close()
  rmSync(folder, { recursive: true })
})

const open = (values: Readonly<Record<string, string>> = {}, environment = {}) =>
  openTestStore('db', new Map(Object.entries({ url: `sqlite://${file}`, ...values })), {
    environment,
    now: () => now,
  })
const write = (store: Store, path: string, text: string) =>
  store.write?.({ path, content: { kind: 'whole', bytes: textBytes(text) } })

test('writes the time as Keep HQ does, in UTC, and reads it back', async () => {
  const store = await open()
  await write(store, 'tenant_slack_1', '{"authentication":{}}')
  expect(database.prepare('SELECT last_updated FROM secret').get()).toEqual({
    last_updated: '2026-02-03 04:05:06.789000',
  })
  expect((await store.list?.({ limit: 1 }))?.entries).toEqual([
    { path: 'tenant_slack_1', changedAt: now },
  ])
})

test('binds names and values as parameters', async () => {
  const store = await open()
  const path = `x'); DROP TABLE secret; --`
  await write(store, path, `'); DROP TABLE secret; --`)
  expect(await seeOne(store, path)).toEqual(seenText(`'); DROP TABLE secret; --`))
  expect(await store.list?.({ prefix: `x')`, limit: 2 })).toMatchObject({ entries: [{ path }] })
})

test('takes signs of a pattern as they are', async () => {
  const store = await open()
  for (const path of ['a%b', 'a_b', 'axb', 'A_b', 'a!b']) await write(store, path, path)
  const named = async (prefix: string) =>
    (await store.list?.({ prefix, limit: 9 }))?.entries.map(({ path }) => path)
  expect(await named('a_')).toEqual(['a_b'])
  expect(await named('a%')).toEqual(['a%b'])
  expect(await named('a!')).toEqual(['a!b'])
})

test('has a table of another name', async () => {
  database.exec('CREATE TABLE other ("key" TEXT PRIMARY KEY, value TEXT, last_updated DATETIME)')
  const store = await open({ table: 'other' })
  await write(store, 'a', 'b')
  expect(database.prepare('SELECT value FROM other').get()).toEqual({ value: 'b' })
})

test.each(['a b', 'a"; DROP TABLE secret', 'a.b.c', '1a', 'a`'])(
  'refuses %j as a table',
  async (table) => {
    expect(await codeOf(open({ table }))).toBe('config_invalid')
  },
)

test('says which value is no text without failing the others', async () => {
  database.exec('DROP TABLE secret')
  database.exec('CREATE TABLE secret ("key" TEXT PRIMARY KEY, value, last_updated)')
  database.exec(`INSERT INTO secret VALUES ('null', NULL, NULL), ('good', 'b', NULL)`)
  database.prepare('INSERT INTO secret VALUES (?, ?, NULL)').run('bytes', Buffer.from([0, 255]))
  const store = await open()
  const outcomes = await store.read(
    ['null', 'good', 'bytes'].map((path) => ({ path, version: undefined, known: undefined })),
  )
  expect(outcomes).toMatchObject([
    { kind: 'failed', error: { code: 'store_answer_invalid' } },
    { kind: 'read', answer: { content: { bytes: 'b' } } },
    { kind: 'read', answer: { content: { bytes: '\u0000\u00ff' } } },
  ])
})

test('reads more keys than one statement takes', async () => {
  const insert = database.prepare('INSERT INTO secret VALUES (?, ?, ?)')
  const paths = Array.from({ length: 1201 }, (_, index) => `key-${index}`)
  database.exec('BEGIN')
  for (const path of paths) insert.run(path, `value of ${path}`, '2026-01-01 00:00:00')
  database.exec('COMMIT')
  const reads = paths.map((path) => ({ path, version: undefined, known: undefined }))
  const outcomes = await (await open()).read(reads)
  expect(outcomes.map(seenOutcome)).toEqual(paths.map((path) => seenText(`value of ${path}`)))
})

test('refuses keys of what is no JSON object', async () => {
  const store = await open()
  await write(store, 'a', 'plain text')
  const content = { kind: 'keys', members: new Map([['user', textBytes('b')]]) } as const
  expect(await codeOf(store.write?.({ path: 'a', content }))).toBe('input_invalid')
  expect(await seeOne(store, 'a')).toEqual(seenText('plain text'))
})

test('keeps the keys that several writers add at once', async () => {
  const stores = await Promise.all([open(), open()])
  const writes = Array.from({ length: 12 }, (_, index) =>
    stores[index % 2]?.write?.({
      path: 'shared',
      content: { kind: 'keys', members: new Map([[`key-${index}`, textBytes('x')]]) },
    }),
  )
  await Promise.all(writes)
  const [{ value } = { value: '' }] = database.prepare('SELECT value FROM secret').all()
  expect(Object.keys(JSON.parse(String(value)))).toHaveLength(12)
})

describe('says what is wrong with', () => {
  test('a file that is not there, and makes none', async () => {
    const store = await open({ url: `sqlite://${folder}/none.db` })
    expect(await seeOne(store, 'a')).toBe('store_unreachable')
    expect(await codeOf(write(store, 'a', 'b'))).toBe('store_unreachable')
  })

  test('a file that is no database', async () => {
    writeFileSync(
      join(folder, 'text.db'),
      'not a database, and longer than its header would be'.repeat(9),
    )
    const store = await open({ url: `sqlite://${folder}/text.db` })
    expect(await seeOne(store, 'a')).toBe('store_answer_invalid')
  })

  test('a table that is not there', async () => {
    const store = await open({ table: 'none' })
    expect(await readOne(store, 'a')).toMatchObject({
      error: {
        code: 'store_refused',
        facts: { reason: 'there is no such table', path: 'a', at: file },
      },
    })
  })

  test.each([
    ['postgresql://u:hunter2@127.0.0.1:1/keep', '127.0.0.1:1/keep'],
    ['mysql://u:hunter2@127.0.0.1:1/keep', '127.0.0.1:1/keep'],
  ])('a server that is not there, %#', async (url, at) => {
    const ports = { environment: { DATABASE_CONNECTION_STRING: url } }
    const outcome = await readOne(await openTestStore('db', new Map(), ports), 'a')
    expect(outcome).toMatchObject({
      error: { code: 'store_unreachable', facts: { at, cause: 'ECONNREFUSED' } },
    })
  })

  test('a file that another writer holds', async () => {
    const store = await open()
    database.exec('BEGIN EXCLUSIVE')
    expect(await seeOne(store, 'a')).toBe('store_busy')
    database.exec('COMMIT')
    expect(await seeOne(store, 'a')).toBe('secret_missing')
  })
})

describe('the address', () => {
  const environment = (url: string) => ({ DATABASE_CONNECTION_STRING: url })

  test.each([
    ['nothing', {}],
    ['another scheme', { url: 'oracle://u@h/d' }],
    ['no database', { url: 'postgresql://u@h' }],
    ['a database in memory', { url: 'sqlite://:memory:' }],
    ['a password in it', { url: 'postgresql://u:hunter2@h/d' }],
    ['a broken escape', { url: 'postgresql://u%zz@h/d' }],
  ])('is refused with %s', async (_, values) => {
    const opening = openTestStore('db', new Map(Object.entries(values)))
    const refusal = await opening.then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(refusal).toMatchObject({ code: 'config_invalid', facts: { store: 'db' } })
    expect(String(refusal)).not.toContain('hunter2')
  })

  test('comes from a file', async () => {
    writeFileSync(join(folder, 'url'), `sqlite://${file}\n`)
    const store = await openTestStore('db', new Map([['url_path', join(folder, 'url')]]))
    await write(store, 'a', 'b')
    expect(await seeOne(store, 'a')).toEqual(seenText('b'))
  })

  test('comes from the variable of Keep HQ, with the slashes of SQLAlchemy', async () => {
    const ports = { environment: environment(`sqlite:///${file}`) }
    const store = await openTestStore('db', new Map(), ports)
    await write(store, 'a', 'b')
    expect(await seeOne(store, 'a')).toEqual(seenText('b'))
  })
})
