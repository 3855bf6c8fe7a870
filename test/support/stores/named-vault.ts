/** What the store `vault` does beyond the contract, on the development store and the real one alike. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Store } from '../../../core/stores/store.ts'
import { codeOf, freshPath, readOne, seenText, seeOne, textBytes } from './contract-scene.ts'
import { createMemory, openTestStore, type TestPorts } from './store-ports.ts'
import type { RunningVaultPeer, VaultPeer } from './vault-peer.ts'

/** `listsMounts`: the server tells which mounts a token may see. */
export function describeNamedVault(peer: VaultPeer, listsMounts: boolean): void {
  describe('a named Vault', () => {
    let running: RunningVaultPeer
    let folder: string
    beforeAll(async () => {
      running = await peer.start()
      folder = mkdtempSync(join(tmpdir(), 'claviger-named-vault-'))
    })
    afterAll(async () => {
      await running.stop()
      rmSync(folder, { recursive: true })
    })

    const open = (changes: Readonly<Record<string, string>> = {}, ports: TestPorts = {}) =>
      openTestStore('vault', new Map([...running.settings, ...Object.entries(changes)]), ports)
    const write = (store: Store, path: string, text: string) =>
      store.write?.({ path, content: { kind: 'whole', bytes: textBytes(text) } })
    const countLogins = () => running.asked.filter((path) => path.endsWith('/login')).length

    test('answers as the pod’s own Vault does', async () => {
      const path = freshPath('answer')
      await running.ask('POST', `secret/data/${path}`, { data: { user: 'a' } })
      for (const form of [`secret/${path}`, `secret/data/${path}`, `/secret/${path}/`]) {
        expect(await readOne(await open(), form)).toMatchObject({
          kind: 'read',
          answer: { version: '1', leaseId: '', requestId: expect.stringMatching(/./) },
        })
      }
    })

    test('reads what was deleted and made anew, whose versions begin with 1 again', async () => {
      const store = await open()
      const path = `secret/${freshPath('again')}`
      const known = await write(store, path, 'one')
      await store.delete?.(path, { isFinal: true })
      expect(await write(store, path, 'two')).toBe(known)
      expect(await seeOne(store, path, { known: known ?? '' })).toEqual(seenText('two'))
    })

    test('logs in once for all that happens side by side, and not again with the same memory', async () => {
      const memory = createMemory()
      const store = await open({}, { memory })
      const before = countLogins()
      await Promise.all(Array.from({ length: 8 }, () => seeOne(store, 'secret/none')))
      expect(await seeOne(await open({}, { memory }), 'secret/none')).toBe('secret_missing')
      expect(countLogins()).toBe(before + 1)
      expect(await seeOne(await open({ role: 'app' }), 'secret/none')).toBe('secret_missing')
      expect(countLogins()).toBe(before + 2)
    })

    test('renews its token after two thirds of its life, and logs in when it is over', async () => {
      let now = Date.now()
      const store = await open({}, { now: () => now })
      const before = countLogins()
      await seeOne(store, 'secret/none')
      now += 45 * 60_000
      await seeOne(store, 'secret/none')
      expect(countLogins()).toBe(before + 1)
      now += 3 * 3_600_000
      expect(await seeOne(store, 'secret/none')).toBe('secret_missing')
      expect(countLogins()).toBe(before + 2)
    })

    test('says why a login failed', async () => {
      const store = await open({ role: 'nobody' })
      expect(await readOne(store, 'secret/a')).toMatchObject({
        error: { code: 'login_refused', facts: { path: 'secret/a', at: 'auth/contract/login' } },
      })
      const other = await open({ token_path: '/nowhere/token' })
      expect(await seeOne(other, 'secret/a')).toBe('jwt_unreadable')
    })

    test('takes a token from a file, from VAULT_TOKEN and from the home', async () => {
      const made = (await running.ask('POST', 'auth/token/create', {
        policies: ['app'],
        ttl: '1h',
      })) as { readonly auth?: { readonly client_token?: string } } | undefined
      const token = made?.auth?.client_token ?? ''
      writeFileSync(join(folder, '.vault-token'), `${token}\n`)
      const address = running.settings.get('address') ?? ''
      const openAs = (
        values: Readonly<Record<string, string>>,
        environment: TestPorts['environment'] = {},
      ) => openTestStore('vault', new Map(Object.entries({ address, ...values })), { environment })
      for (const store of [
        await openAs({ auth: 'token', token_path: join(folder, '.vault-token') }),
        await openAs({}, { VAULT_TOKEN: token }),
        await openAs({}, { HOME: folder }),
      ]) {
        expect(await seeOne(store, 'secret/none')).toBe('secret_missing')
      }
      expect(await seeOne(await openAs({}), 'secret/none')).toBe('credentials_unavailable')
      expect(await seeOne(await openAs({}, { VAULT_TOKEN: 'wrong' }), 'secret/none')).not.toBe(
        'secret_missing',
      )
    })

    test('keeps secrets of a mount without versions', async () => {
      const store = await open()
      const path = `kv1/${freshPath('plain')}`
      expect(await write(store, path, '{"user":"a","password":"b"}')).toBeUndefined()
      const content = { kind: 'keys', members: new Map([['password', textBytes('c')]]) } as const
      await store.write?.({ path, content })
      const seen = new Map([
        ['user', 'a'],
        ['password', 'c'],
      ])
      expect(await seeOne(store, path)).toEqual(seen)
      expect(await seeOne(store, path, { version: '1' })).toBe('store_incapable')
      expect(await codeOf(store.history?.(path))).toBe('store_incapable')
      expect(await codeOf(store.restore?.(path))).toBe('store_incapable')
      expect((await store.list?.({ prefix: path, limit: 2 }))?.entries).toEqual([{ path }])
      await store.delete?.(path, { isFinal: false })
      expect(await seeOne(store, path)).toBe('secret_missing')
    })

    test('lists folders to their depths, and every mount that it may see', async () => {
      const store = await open()
      const base = freshPath('tree')
      const paths = [`${base}/a`, `${base}/b/c`, `${base}/b/d/e`]
      for (const path of paths) await write(store, `secret/${path}`, 'x')
      await write(store, `kv1/${base}/f`, 'x')
      const listed = async (query: { readonly prefix?: string; readonly glob?: string }) =>
        (await store.list?.({ ...query, limit: 9 }))?.entries.map(({ path }) => path)
      expect(await listed({ prefix: `secret/${base}/b/` })).toEqual([
        `secret/${base}/b/c`,
        `secret/${base}/b/d/e`,
      ])
      const all = [`kv1/${base}/f`, ...paths.map((path) => `secret/${path}`)]
      if (listsMounts) expect(await listed({ glob: `*${base}/*` })).toEqual(all)
      if (listsMounts) expect(await listed({ prefix: 'none/at/all' })).toEqual([])
    })

    test('says what may not be listed, where that is all that was asked for', async () => {
      const store = await open()
      await expect(store.list?.({ prefix: 'secret/hidden/', limit: 9 })).rejects.toMatchObject({
        code: 'store_refused',
      })
    })

    test('keeps the keys that several writers add at once', async () => {
      const path = `secret/${freshPath('shared')}`
      const stores = await Promise.all([open(), open()])
      const names = Array.from({ length: 6 }, (_, index) => `key-${index}`)
      await Promise.all(
        names.map((name, index) =>
          stores[index % 2]?.write?.({
            path,
            content: { kind: 'keys', members: new Map([[name, textBytes('x')]]) },
          }),
        ),
      )
      expect(await seeOne(await open(), path)).toEqual(new Map(names.map((name) => [name, 'x'])))
    })

    test('tells deleted, restored and destroyed versions', async () => {
      const store = await open()
      const path = `secret/${freshPath('states')}`
      for (const text of ['one', 'two']) await write(store, path, text)
      await running.ask('PUT', path.replace('secret/', 'secret/destroy/'), { versions: [1] })
      await store.delete?.(path, { isFinal: false })
      const states = async () => (await store.history?.(path))?.map(({ state }) => state)
      expect(await states()).toEqual(['disabled', 'destroyed'])
      expect(await codeOf(store.delete?.(path, { isFinal: false }))).toBe('secret_missing')
      await store.restore?.(path)
      expect(await states()).toEqual(['enabled', 'destroyed'])
      expect(await seeOne(store, path, { version: '1' })).toBe('secret_missing')
      expect(await seeOne(store, path)).toEqual(seenText('two'))
    })

    test('says that nothing is mounted', async () => {
      const store = await open()
      expect(await codeOf(write(store, 'nowhere/a', 'x'))).toBe('store_refused')
    })

    test('renews no lease that is not there', async () => {
      const store = await open()
      expect(await codeOf(store.renew?.('database/creds/app/none'))).toBe('store_refused')
      await expect(store.renew?.('database/creds/app/none')).rejects.toMatchObject({
        facts: { path: 'sys/leases/renew' },
      })
    })

    test.each([
      ['no address', { auth: 'kubernetes', role: 'app' }, { KUBERNETES_SERVICE_HOST: '10.0.0.1' }],
      ['no role', { address: 'https://v', auth: 'kubernetes' }, {}],
      ['no file of the token', { address: 'https://v', auth: 'jwt' }, {}],
    ])('is refused with %s', async (_, values, environment) => {
      const opening = openTestStore('vault', new Map(Object.entries(values)), { environment })
      expect(await codeOf(opening)).toBe('config_invalid')
    })
  })
}
