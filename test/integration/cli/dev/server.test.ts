/** What HTTP adds to the development store, and Claviger's own client against it. */

import { writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createAuthMethod } from '../../../../agent/auth/create-auth-method.ts'
import type { AuthConfig } from '../../../../agent/config/auth-config.ts'
import { createVaultPorts } from '../../../../agent/step/vault-ports.ts'
import { type Issuer, openIssuer } from '../../../../cli/dev/issuer.ts'
import { type DevServer, startDevServer } from '../../../../cli/dev/server.ts'
import { createDevStore } from '../../../../cli/dev/store.ts'
import { systemClock } from '../../../../core/clock.ts'
import { createLogger } from '../../../../core/log.ts'
import { Secret } from '../../../../core/secret.ts'
import { createVaultClient } from '../../../../core/vault/client.ts'
import { createTransport } from '../../../../core/vault/transport.ts'
import { makeDirectory } from '../../../support/dev-store.ts'
import { idleMachine } from '../../../support/idle-machine.ts'
import { type Call, createCall } from '../../../support/vault-contract-client.ts'

const dataDirectory = makeDirectory()
const rootToken = 'hvs.server'
const quiet = createLogger({
  level: 'error',
  format: 'standard',
  write: () => undefined,
  now: systemClock.now,
})
let issuer: Issuer
let server: DevServer
let call: Call

beforeAll(async () => {
  issuer = await openIssuer(dataDirectory, systemClock)
  const root = new Secret(rootToken)
  const store = createDevStore({ dataDirectory, clock: systemClock, rootToken: root, issuer })
  server = await startDevServer({ store, host: '127.0.0.1', port: 0 })
  call = createCall(() => ({ address: server.address, rootToken }))
})

afterAll(async () => {
  await server.close()
})

describe('requests', () => {
  test.each([
    ['a body that is no JSON', '{"cut'],
    ['a body that is no object', '"text"'],
    ['a body nested too deeply', `${'['.repeat(5000)}`],
  ])('with %s are answered 400', async (_, body) => {
    const reply = await call('POST', 'secret/data/x', { body })
    expect(reply.status).toBe(400)
    expect(reply.text).not.toContain('cut')
  })

  test('with a body above 8 MiB are answered 413', async () => {
    const body = JSON.stringify({ data: { x: 'x'.repeat(9 * 1024 * 1024) } })
    expect((await call('POST', 'secret/data/x', { body })).status).toBe(413)
  })

  test('with a path that is no UTF-8 are answered 400', async () => {
    expect((await call('GET', 'secret/data/%ff')).status).toBe(400)
  })

  test('outside /v1/ are answered 404', async () => {
    expect((await fetch(`${server.address}/ui/`)).status).toBe(404)
  })

  test('may bring the token as a bearer token', async () => {
    const headers = { authorization: `Bearer ${rootToken}` }
    const response = await fetch(`${server.address}/v1/auth/token/lookup-self`, { headers })
    expect(response.status).toBe(200)
  })

  test('by LIST, which Node does not know, are lists', async () => {
    await call('POST', 'secret/data/listed/one', { body: { data: {} } })
    const { port } = new URL(server.address)
    const socket = connect(Number(port), '127.0.0.1')
    const head = ['LIST /v1/secret/metadata/listed HTTP/1.1', 'host: x', 'connection: close']
    socket.end(`${[...head, `x-vault-token: ${rootToken}`].join('\r\n')}\r\n\r\n`)
    const text = (await socket.toArray()).join('')
    expect(text).toMatch(/^HTTP\/1\.1 200 [\s\S]*"keys":\["one"\]/)
  })

  test('by PATCH are answered 405', async () => {
    expect((await call('PATCH', 'secret/data/x', { body: {} })).status).toBe(405)
  })

  test('one after another share a connection', async () => {
    const ports = new Set<number | undefined>()
    const agent = new Agent({ keepAlive: true })
    for (let n = 0; n < 3; n++) {
      ports.add(
        await new Promise((resolve, reject) => {
          const outgoing = request(`${server.address}/v1/sys/health`, { agent }, (response) => {
            const { localPort } = response.socket
            response.resume().on('end', () => resolve(localPort))
          })
          outgoing.on('error', reject).end()
        }),
      )
    }
    agent.destroy()
    expect(ports.size).toBe(1)
  })
})

test('a port that is taken is named', async () => {
  const { port } = new URL(server.address)
  const second = startDevServer({
    store: async () => ({ status: 200 }),
    host: '127.0.0.1',
    port: Number(port),
  })
  await expect(second).rejects.toMatchObject({
    code: 'config_invalid',
    facts: { listen: `127.0.0.1:${port}`, cause: 'EADDRINUSE' },
  })
})

function authAs(role: string, tokenPath: string): AuthConfig {
  return {
    method: { kind: 'kubernetes', role, tokenPath },
    mountPath: 'auth/kubernetes',
    wrapTtlMs: undefined,
    backoff: { minMs: 1, maxMs: 1 },
    exitOnError: false,
    reauthOnNewCredentials: false,
  }
}

describe('the agent’s client', () => {
  const connectAs = (role: string, serviceAccount = 'app') => {
    const transport = createTransport({ tls: {}, skipVerify: false, timeoutMs: 5000 })
    const client = createVaultClient({ address: server.address, transport })
    return async () => {
      const jwt = await issuer.mint({ namespace: 'demo', serviceAccount, ttl: 600 })
      const tokenPath = join(makeDirectory(), 'token')
      writeFileSync(tokenPath, jwt.reveal())
      const method = createAuthMethod(authAs(role, tokenPath), {
        client,
        connect: () => client,
        address: server.address,
        environment: {},
        now: systemClock.now,
        logger: quiet,
      })
      const login = async () => {
        const { granted } = await method.login(new Map())
        if (granted.kind === 'token') return granted.auth
        throw new Error('the login was wrapped')
      }
      const own = {
        method,
        stores: new Map(),
        prepareSink: async () => new Uint8Array(),
        findCertificate: () => undefined,
        machine: idleMachine,
        wall: systemClock.now,
      }
      const ports = createVaultPorts({ session: client, templating: client }, own, systemClock)
      return { ...ports, login }
    }
  }

  beforeAll(async () => {
    const policy = JSON.stringify({
      path: {
        'secret/data/app/*': { capabilities: ['read'] },
        'database/creds/app': { capabilities: ['read'] },
      },
    })
    await call('PUT', 'sys/policies/acl/app', { body: { policy } })
    await call('PUT', 'auth/kubernetes/role/app', {
      body: {
        ...{ bound_service_account_names: 'app', bound_service_account_namespaces: 'demo' },
        ...{ token_policies: 'app', token_ttl: '10m' },
      },
    })
    await call('PUT', 'database/roles/app', { body: { default_ttl: '5m' } })
    await call('PUT', 'secret/data/app/db', { body: '{"data":{"user":"a","port":5432}}' })
  })

  test('logs in, reads, and renews token and lease', async () => {
    const ports = await connectAs('app')()
    const granted = await ports.login()
    const token = new Secret(granted.clientToken)
    expect(granted).toMatchObject({ leaseDuration: 600, renewable: true })
    const secret = await ports.read({ kind: 'read', path: 'secret/data/app/db', query: [] }, token)
    expect(secret.data?.get('data')).toEqual(
      new Map<string, unknown>([
        ['port', { text: '5432' }],
        ['user', 'a'],
      ]),
    )
    const dynamic = await ports.read({ kind: 'read', path: 'database/creds/app', query: [] }, token)
    expect(await ports.renewLease(dynamic.leaseId, token)).toBe(300)
    expect(await ports.renewToken(token)).toMatchObject({ leaseDuration: 600 })
  })

  test.each([
    ['an unknown role', 'none', 'app', 400],
    ['another ServiceAccount', 'app', 'default', 403],
  ])('is refused %s by a status', async (_, role, serviceAccount, status) => {
    const ports = await connectAs(role, serviceAccount)()
    await expect(ports.login()).rejects.toMatchObject({
      code: 'login_refused',
      facts: { role, status },
    })
  })

  test('tells a dead token from a forbidden path and from a missing secret', async () => {
    const ports = await connectAs('app')()
    const token = new Secret((await ports.login()).clientToken)
    const read = (path: string, as: Secret) => ports.read({ kind: 'read', path, query: [] }, as)
    await expect(read('secret/data/app/none', token)).rejects.toMatchObject({
      code: 'secret_missing',
    })
    await expect(read('secret/data/other', token)).rejects.toMatchObject({ code: 'store_refused' })
    await expect(read('secret/data/app/db', new Secret('hvs.x'))).rejects.toMatchObject({
      code: 'token_invalid',
    })
  })
})
