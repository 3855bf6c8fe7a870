import { describe, expect, test } from '@jest/globals'
import type { Certificates } from '../../../../agent/auth/auth-ports.ts'
import { createAuthMethod } from '../../../../agent/auth/create-auth-method.ts'
import { parseJson } from '../../../../core/json.ts'
import type { VaultClient } from '../../../../core/vault/client.ts'
import { authPorts, readMethod } from '../../../support/auth-fixtures.ts'

/** Logins go to `calls` with the name of the client that made them. */
function scene(config: object) {
  const calls: (readonly [string, object])[] = []
  const connected: Certificates[] = []
  const clientNamed = (name: string): VaultClient => ({
    read: async () => new Map(),
    write: async (_, data) => {
      calls.push([name, Object.fromEntries(data)])
      const answer = parseJson('{"auth": {"client_token": "t"}}')
      return answer instanceof Map ? answer : new Map()
    },
  })
  const ports = {
    ...authPorts({ address: 'https://store' }),
    client: clientNamed('store'),
    connect: (certificates: Certificates) => clientNamed(`own ${connected.push(certificates)}`),
  }
  const { login } = createAuthMethod(readMethod({ type: 'cert', config }).auth, ports)
  return { calls, connected, login: () => login(new Map()) }
}

const pair = { client_cert: '/cert', client_key: '/key' }

describe('a login with a certificate', () => {
  test.each([
    ['that of the vault block', {}, ['store', 'store'], {}],
    [
      'that of the vault block, without a key of its own',
      { client_cert: '/cert' },
      ['store', 'store'],
      {},
    ],
    ['its own', pair, ['own 1', 'own 1'], {}],
    ['its own, read anew', { ...pair, reload: true }, ['own 1', 'own 2'], {}],
    ['an authority of its own', { ca_cert: '/ca' }, ['own 1', 'own 1'], {}],
    ['a role', { name: 'web' }, ['store', 'store'], { name: 'web' }],
  ])('with %s', async (_, config, clients, data) => {
    const { calls, login } = scene(config)
    await login()
    await login()
    expect(calls).toEqual(clients.map((client) => [client, data]))
  })

  test('reads no certificate before the first login', async () => {
    const { connected, login } = scene(pair)
    expect(connected).toEqual([])
    await login()
    expect(connected).toEqual([
      { caCertPath: undefined, clientCertPath: '/cert', clientKeyPath: '/key' },
    ])
  })
})
