/** The store `db` on a real MariaDB. */
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
import { type MariadbServer, startMariadb } from './servers/mariadb.ts'

describeStoreContract(
  'db on MariaDB',
  createServerPeer({
    type: 'db',
    features: {
      isBinarySafe: false,
      largestBytes: 16 * 1024 * 1024,
      hasTags: false,
      invalidPath: 'a\0b',
      renewsCredentials: true,
    },
    faults: ['down', 'hanging', 'denied', 'expired'],
    start: startMariadb,
  }),
)

describe('beyond the contract', () => {
  let server: MariadbServer
  beforeAll(async () => {
    server = await startMariadb()
  })
  afterAll(() => server.stop())

  const open = (changes: Readonly<Record<string, string>> = {}) =>
    openTestStore('db', new Map([...server.settings, ...Object.entries(changes)]))
  const whole = (text: string) => ({ kind: 'whole', bytes: textBytes(text) }) as const

  test('tells names apart that its collation takes for equal', async () => {
    const store = await open()
    await store.write?.({ path: 'Name', content: whole('upper') })
    expect(await seeOne(store, 'name')).toBe('secret_missing')
    expect(await codeOf(store.delete?.('name', { isFinal: true }))).toBe('secret_missing')
    expect(await codeOf(store.write?.({ path: 'name', content: whole('lower') }))).not.toBe('none')
    expect(await seeOne(store, 'Name')).toEqual(seenText('upper'))
    await store.close?.()
  })

  test('cuts nothing off, whatever the server would do', async () => {
    await server.ask("SET GLOBAL sql_mode = ''")
    await server.ask(
      'CREATE TABLE keep.small (`key` VARCHAR(255) PRIMARY KEY, value VARCHAR(8), last_updated DATETIME)',
    )
    await server.ask("GRANT ALL ON keep.small TO 'keep'@'%'")
    const store = await open({ table: 'small' })
    expect(await codeOf(store.write?.({ path: 'a', content: whole('longer than eight') }))).toBe(
      'input_invalid',
    )
    expect(await seeOne(store, 'a')).toBe('secret_missing')
    await store.close?.()
  })

  test('writes UTC', async () => {
    const path = freshPath('time')
    const store = await open()
    await store.write?.({ path, content: whole('x') })
    const [entry] = (await store.list?.({ prefix: path, limit: 1 }))?.entries ?? []
    expect(Math.abs((entry?.changedAt ?? 0) - Date.now())).toBeLessThan(600_000)
    const sql =
      'SELECT ABS(TIMESTAMPDIFF(SECOND, last_updated, UTC_TIMESTAMP())) < 600 AS near FROM keep.secret WHERE `key` = ?'
    expect(await server.ask(sql, [path])).toEqual([{ near: 1 }])
    await store.close?.()
  })

  test('says that there are too many connections', async () => {
    await server.ask("ALTER USER 'keep'@'%' WITH MAX_USER_CONNECTIONS 1")
    const [first, second] = [await open(), await open()]
    expect(await seeOne(first, 'none')).toBe('secret_missing')
    expect(await readOne(second, 'none')).toMatchObject({
      error: { code: 'store_busy', facts: { reason: 'too many connections' } },
    })
    await Promise.all([first.close?.(), second.close?.()])
    await server.ask("ALTER USER 'keep'@'%' WITH MAX_USER_CONNECTIONS 0")
  })

  test('goes through a unix socket', async () => {
    await server.ask("CREATE USER 'near'@'localhost'")
    await server.ask("GRANT SELECT ON keep.secret TO 'near'@'localhost'")
    const url = `mysql+pymysql://near@/keep?unix_socket=${server.folder}/socket`
    const store = await openTestStore('db', new Map([['url', url]]))
    expect(await seeOne(store, 'none')).toBe('secret_missing')
    await store.close?.()
  })

  test('goes over TLS only, where the server must be known', async () => {
    const store = await open({ ca_cert: '/etc/ssl/certs/ca-certificates.crt' })
    expect(await seeOne(store, 'a')).toBe('store_unreachable')
    await store.close?.()
    const plain = await open({ tls: 'off' })
    expect(await seeOne(plain, 'a')).toBe('store_refused')
    await plain.close?.()
  })

  test.each([
    ['127.0.0.1', 'secret_missing'],
    // Of that the certificate says nothing.
    ['[::ffff:127.0.0.1]', 'store_unreachable'],
  ])('and known by the address %s where that is the host: %s', async (host, expected) => {
    const url = server.settings.get('url')?.replace('localhost', host) ?? ''
    const store = await open({ url })
    expect(await seeOne(store, 'none')).toBe(expected)
    await store.close?.()
  })
})
