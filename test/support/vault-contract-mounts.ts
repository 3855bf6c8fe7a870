/** The contract's part about mounts. */
import { describe, expect, test } from '@jest/globals'
import { type Call, freshName, member, mountKv, tokenFor } from './vault-contract-client.ts'

export function describeMounts(call: Call): void {
  describe('mounts', () => {
    test('the preflight names mount and version to whoever reaches any path of it', async () => {
      const mount = await mountKv(call, 2)
      const token = await tokenFor(call, { [`${mount}/data/app/*`]: ['read'] })
      const { status, body } = await call('GET', `sys/internal/ui/mounts/${mount}/x/y`, { token })
      expect(status).toBe(200)
      expect(member(body, 'data')).toMatchObject({
        ...{ path: `${mount}/`, type: 'kv', options: { version: '2' } },
      })
    })

    test('the preflight is refused for mounts out of reach and for none', async () => {
      const mount = await mountKv(call, 1)
      const token = await tokenFor(call, { 'nowhere/x': ['read'] })
      for (const path of [`${mount}/x`, 'nowhere-either/x']) {
        expect(await call('GET', `sys/internal/ui/mounts/${path}`, { token })).toMatchObject({
          status: 403,
          body: { errors: [expect.stringMatching(/^preflight capability check returned 403/)] },
        })
      }
    })

    test('are shown to whoever reaches any path of them', async () => {
      const [mount, other] = [await mountKv(call, 2), await mountKv(call, 1)]
      const token = await tokenFor(call, { [`${mount}/data/app/*`]: ['read'] })
      const { status, body } = await call('GET', 'sys/internal/ui/mounts', { token })
      expect(status).toBe(200)
      expect(member(body, 'data', 'secret', `${mount}/`)).toMatchObject({
        ...{ type: 'kv', options: { version: '2' } },
      })
      expect(member(body, 'data', 'secret', `${other}/`)).toBeUndefined()
    })

    test('are listed, once made, and cannot be made twice', async () => {
      const mount = await mountKv(call, 1)
      const { body } = await call('GET', 'sys/mounts')
      expect(member(body, 'data', `${mount}/`)).toMatchObject({ type: 'kv' })
      const again = await call('POST', `sys/mounts/${mount}`, { body: { type: 'kv' } })
      expect(again).toMatchObject({
        status: 400,
        body: { errors: [`path is already in use at ${mount}/`] },
      })
    })

    test.each(['mounts', 'auth'])('sys/%s refuses an unknown type', async (section) => {
      const body = { type: 'nonsense' }
      expect(await call('POST', `sys/${section}/${freshName()}`, { body })).toMatchObject({
        status: 400,
        body: { errors: ['plugin not found in the catalog: nonsense'] },
      })
    })

    test.each([
      ['GET', 'nowhere/x', 404, 'no handler for route "nowhere/x". route entry not found.'],
      ['GET', 'sys/nothing', 404, '1 error occurred:\n\t* unsupported path\n\n'],
      ['GET', 'auth/token/nothing', 404, '1 error occurred:\n\t* unsupported path\n\n'],
      ['GET', 'auth/token/create', 405, '1 error occurred:\n\t* unsupported operation\n\n'],
    ])('%s %s is answered %i', async (method, path, status, error) => {
      expect(await call(method, path)).toMatchObject({ status, body: { errors: [error] } })
    })

    test.each(['health', 'seal-status'])('sys/%s needs no token', async (path) => {
      const { status, body } = await call('GET', `sys/${path}`, { token: null })
      expect({ status, body }).toMatchObject({
        status: 200,
        body: { initialized: true, sealed: false },
      })
    })
  })
}
