/** The store `db` on a real PostgreSQL. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  codeOf,
  freshPath,
  readOne,
  seenText,
  seeOne,
  textBytes,
} from '../../../support/stores/contract-scene.ts'
import { createServerPeer } from '../../../support/stores/server-peer.ts'
import { describeStoreContract } from '../../../support/stores/store-contract.ts'
import { openTestStore } from '../../../support/stores/store-ports.ts'
import { until } from '../../polling.ts'
import { makeCertificate } from './servers/machine.ts'
import { type PostgresqlServer, startPostgresql } from './servers/postgresql.ts'

describeStoreContract(
  'db on PostgreSQL',
  createServerPeer({
    type: 'db',
    features: {
      isBinarySafe: false,
      largestBytes: 16 * 1024 * 1024,
      hasTags: false,
      invalidPath: 'a\0b',
      renewsCredentials: true,
    },
    faults: ['down', 'hanging', 'denied', 'throttled', 'expired'],
    start: startPostgresql,
  }),
)

describe('beyond the contract', () => {
  let server: PostgresqlServer
  beforeAll(async () => {
    server = await startPostgresql()
  })
  afterAll(() => server.stop())

  const open = (changes: Readonly<Record<string, string>> = {}) =>
    openTestStore('db', new Map([...server.settings, ...Object.entries(changes)]))
  const setTls = async (state: 'on' | 'off') => {
    await server.ask(`ALTER SYSTEM SET ssl = ${state}`)
    await server.ask('SELECT pg_reload_conf()')
    const isSet = async () =>
      JSON.stringify(await server.ask('SHOW ssl')).includes(state) ? true : undefined
    await until({ what: `TLS to be ${state}`, probe: isSet })
  }
  const write = async (path: string, text: string, changes = {}) => {
    const store = await open(changes)
    await store.write?.({ path, content: { kind: 'whole', bytes: textBytes(text) } })
    await store.close?.()
  }
  const see = async (path: string, changes = {}) => {
    const store = await open(changes)
    const seen = await seeOne(store, path)
    await store.close?.()
    return seen
  }

  test('refuses a certificate of somebody else', async () => {
    const folder = join(server.folder, 'other')
    mkdirSync(folder)
    const other = await makeCertificate(folder)
    expect(await see('a', { ca_cert: other.authority })).toBe('store_unreachable')
    const url = server.settings.get('url')?.replace('localhost', '127.0.0.1') ?? ''
    expect(await see('a', { url })).toBe('store_unreachable')
  })

  test('goes over TLS, or in the clear where it is told to', async () => {
    const sql =
      "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'keep'"
    for (const [tls, ssl] of [
      ['verify', true],
      ['off', false],
    ] as const) {
      const store = await open({ tls })
      expect(await seeOne(store, 'none')).toBe('secret_missing')
      expect(await server.ask(sql)).toEqual([{ ssl }])
      await store.close?.()
    }
  })

  test('says that a server offers no TLS', async () => {
    await setTls('off')
    const store = await open()
    const outcome = await readOne(store, 'a')
    await store.close?.()
    await setTls('on')
    expect(outcome).toMatchObject({
      error: { code: 'store_refused', facts: { reason: 'the server offers no TLS' } },
    })
  })

  test('writes UTC, whether the column has a time zone or not', async () => {
    await server.ask("ALTER ROLE keep SET timezone = 'Asia/Kolkata'")
    await server.ask(
      'CREATE TABLE zoned ("key" text PRIMARY KEY, value text, last_updated timestamptz)',
    )
    await server.ask('GRANT ALL ON zoned TO keep')
    for (const table of ['secret', 'zoned']) {
      const before = Date.now()
      const path = freshPath('time')
      const store = await open({ table })
      await store.write?.({ path, content: { kind: 'whole', bytes: textBytes('x') } })
      const [entry] = (await store.list?.({ prefix: path, limit: 1 }))?.entries ?? []
      expect(Math.abs((entry?.changedAt ?? 0) - before)).toBeLessThan(600_000)
      await store.close?.()
      const sql = `SELECT abs(extract(epoch from last_updated) - extract(epoch from now())) < 600 AS near FROM ${table} WHERE "key" = $1`
      expect(await server.ask(sql, [path])).toEqual([{ near: true }])
    }
    await server.ask('ALTER ROLE keep RESET timezone')
  })

  test('has a table in a schema', async () => {
    await server.ask(
      'CREATE SCHEMA apps CREATE TABLE secret ("key" text PRIMARY KEY, value text, last_updated timestamp)',
    )
    await server.ask('GRANT USAGE ON SCHEMA apps TO keep')
    await server.ask('GRANT ALL ON apps.secret TO keep')
    await write('a', 'b', { table: 'apps.secret' })
    expect(await see('a', { table: 'apps.secret' })).toEqual(seenText('b'))
    expect(await see('a')).toBe('secret_missing')
  })

  test('goes through a unix socket', async () => {
    await write('socket', 'x')
    const url = `postgresql://keep@:${server.port}/postgres?host=${server.folder}`
    const store = await openTestStore('db', new Map([['url', url]]))
    expect(await seeOne(store, 'socket')).toEqual(seenText('x'))
    await store.close?.()
  })

  test('lets more reads than it has connections wait for their turn', async () => {
    await write('turn', 'x')
    const store = await open({ connections: '1' })
    const all = await Promise.all(Array.from({ length: 20 }, () => seeOne(store, 'turn')))
    expect(all).toEqual(all.map(() => seenText('x')))
    const sql = "SELECT count(*)::int AS count FROM pg_stat_activity WHERE usename = 'keep'"
    expect(await server.ask(sql)).toEqual([{ count: 1 }])
    await store.close?.()
  })

  test('writes nothing on a server that only reads, and finds the one that took its place', async () => {
    await write('move', 'old')
    const store = await open()
    await server.ask('ALTER ROLE keep SET default_transaction_read_only = on')
    const content = { kind: 'whole', bytes: textBytes('new') } as const
    expect(await codeOf(store.write?.({ path: 'move', content }))).toBe('store_busy')
    await server.ask('ALTER ROLE keep RESET default_transaction_read_only')
    await store.write?.({ path: 'move', content })
    expect(await seeOne(store, 'move')).toEqual(seenText('new'))
    await store.close?.()
  })

  test('takes the address with the password from a file or from the environment', async () => {
    await write('place', 'x')
    const url = `postgresql+psycopg2://keep:first-password@localhost:${server.port}/postgres`
    const urlPath = join(server.folder, 'url')
    writeFileSync(urlPath, `${url}\n`)
    const given = new Map([['ca_cert', server.settings.get('ca_cert') ?? '']])
    for (const [settings, environment] of [
      [new Map([...given, ['url_path', urlPath]]), {}],
      [given, { DATABASE_CONNECTION_STRING: url }],
    ] as const) {
      const store = await openTestStore('db', settings, { environment })
      expect(await seeOne(store, 'place')).toEqual(seenText('x'))
      await store.close?.()
    }
  })
})
