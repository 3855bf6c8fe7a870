import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { createExchange, type ExchangeOptions } from '../../../../core/http/exchange.ts'
import { Secret } from '../../../../core/secret.ts'
import { createVaultClient } from '../../../../core/vault/client.ts'
import { createTransport } from '../../../../core/vault/transport.ts'
import { createTestCertificate } from '../../../integration/webhook/support/certificates.ts'

const open: Server[] = []
afterEach(() => {
  for (const server of open.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

async function serve(handle: RequestListener, server: Server = createServer()): Promise<string> {
  open.push(server.on('request', handle))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return `127.0.0.1:${port}`
}

const options: ExchangeOptions = { tls: {}, skipVerify: false, timeoutMs: 30_000 }
const get = (url: string) => ({ method: 'GET', url, headers: {} })

describe('an answer', () => {
  test.each([
    ['never comes', () => undefined],
    [
      'has a body that never ends',
      (response: { write: (text: string) => void }) => response.write('{'),
    ],
  ])('that %s ends with the time there is', async (_, answer) => {
    const address = await serve((__, response) => answer(response))
    const exchange = createExchange({ ...options, timeoutMs: 50 })
    await expect(exchange(get(`http://${address}/v1/x`))).rejects.toMatchObject({
      code: 'store_unreachable',
      facts: { cause: 'ETIMEDOUT', path: '/v1/x' },
    })
  })

  test.each([
    ['announced', { 'content-length': String(33 * 1024 * 1024) }],
    ['sent', {}],
  ])('of more than 32 MiB, %s, is refused', async (_, headers) => {
    const address = await serve((__, response) => {
      response.writeHead(200, headers)
      const chunk = Buffer.alloc(1024 * 1024)
      const push = () => {
        while (!response.destroyed && response.write(chunk));
      }
      response.on('drain', push)
      push()
    })
    await expect(createExchange(options)(get(`http://${address}/`))).rejects.toMatchObject({
      code: 'store_answer_invalid',
      facts: { reason: 'larger than 32 MiB' },
    })
  })

  test('nested too deeply to be read is refused', async () => {
    const address = await serve((_, response) => response.end('['.repeat(100_000)))
    const client = createVaultClient({
      address: `http://${address}`,
      transport: createTransport(options),
    })
    await expect(client.read('x', {})).rejects.toMatchObject({ code: 'store_answer_invalid' })
  })

  test('is not waited for once its caller has gone', async () => {
    const controller = new AbortController()
    const address = await serve(() => controller.abort())
    await expect(
      createExchange(options)(get(`http://${address}/`), controller.signal),
    ).rejects.toMatchObject({ facts: { cause: 'ABORT_ERR' } })
  })
})

describe('a redirect', () => {
  test.each([
    ['followed, token and body with it', undefined, 200],
    ['shown as it is where that is forbidden', false, 307],
  ])('is %s', async (_, followRedirects, status) => {
    const seen: unknown[] = []
    const active = await serve(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      seen.push([request.method, request.url, request.headers['x-vault-token'], body])
      response.end()
    })
    const standby = await serve((__, response) => {
      response.writeHead(307, { location: `http://${active}/v1/a?b` }).end()
    })
    const forbidden = followRedirects === undefined ? {} : { followRedirects }
    const headers = { 'x-vault-token': 't' }
    const request = {
      method: 'PUT',
      url: `http://${standby}/v1/a?b`,
      headers,
      body: Buffer.from('{}'),
    }
    expect((await createExchange({ ...options, ...forbidden })(request)).status).toBe(status)
    expect(seen).toEqual(status === 200 ? [['PUT', '/v1/a?b', 't', '{}']] : [])
  })

  test.each(['ftp://a.test/', 'http://user:word@127.0.0.1:1/', 'http://['])(
    'to %s is an error',
    async (location) => {
      const address = await serve((_, response) => {
        response.writeHead(307, { location }).end()
      })
      await expect(createExchange(options)(get(`http://${address}/`))).rejects.toMatchObject({
        code: 'store_answer_invalid',
      })
    },
  )

  test('from https to http is an error, and nothing reaches the other', async () => {
    let reached = 0
    const plain = await serve((_, response) => {
      reached++
      response.end()
    })
    const { ca, pair } = createTestCertificate()
    const address = await serve((_, response) => {
      response.writeHead(307, { location: `http://${plain}/` }).end()
    }, createTlsServer(pair))
    await expect(
      createExchange({ ...options, tls: { ca } })(get(`https://${address}/`)),
    ).rejects.toMatchObject({
      code: 'store_answer_invalid',
    })
    expect(reached).toBe(0)
  })
})

describe('certificates', () => {
  test('that are replaced count from the next connection on; what cannot be used changes nothing', async () => {
    const [first, second] = [createTestCertificate(), createTestCertificate()]
    const server = createTlsServer(first.pair)
    const address = await serve((_, response) => {
      response.setHeader('connection', 'close').end()
    }, server)
    const renewals = [
      undefined,
      { ca: first.ca, cert: first.pair.cert, key: second.pair.key },
      { ca: second.ca },
    ]
    const exchange = createExchange({
      ...options,
      tls: { ca: first.ca },
      renewTls: () => renewals.shift(),
    })
    const ask = () => exchange(get(`https://${address}/`))
    expect((await ask()).status).toBe(200)
    expect((await ask()).status).toBe(200)
    server.setSecureContext(second.pair)
    expect((await ask()).status).toBe(200)
    server.setSecureContext(first.pair)
    await expect(ask()).rejects.toMatchObject({ code: 'store_unreachable' })
  })

  test('that do not belong together are an error before anything is sent', async () => {
    const [first, second] = [createTestCertificate(), createTestCertificate()]
    const tls = { cert: first.pair.cert, key: second.pair.key }
    await expect(
      createExchange({ ...options, tls })(get('https://127.0.0.1:1/')),
    ).rejects.toMatchObject({
      code: 'tls_invalid',
    })
  })

  test('of another authority, or for another name, keep every byte from the server', async () => {
    let reached = 0
    const { ca, pair } = createTestCertificate()
    const address = await serve(() => reached++, createTlsServer(pair))
    const other = createTestCertificate().ca
    for (const changes of [{ tls: { ca: other } }, { tls: { ca }, serverName: 'elsewhere.test' }]) {
      const exchange = createExchange({ ...options, ...changes })
      await expect(exchange(get(`https://${address}/`))).rejects.toMatchObject({
        code: 'store_unreachable',
      })
    }
    expect(reached).toBe(0)
  })
})

describe('connections', () => {
  test.each([
    [true, 1],
    [false, 3],
  ])('with keepAlive %p are %i for three requests', async (keepAlive, count) => {
    const ports = new Set<number | undefined>()
    const address = await serve((request, response) => {
      ports.add(request.socket.remotePort)
      response.end()
    })
    const exchange = createExchange({ ...options, keepAlive })
    for (let turn = 0; turn < 3; turn++) await exchange(get(`http://${address}/`))
    expect(ports.size).toBe(count)
  })

  test.each([
    ['GET', {}, 200],
    ['POST', {}, 'store_unreachable'],
    ['POST', { isIdempotent: true }, 200],
  ])(
    'that were closed while idle are replaced for %s %j: %p',
    async (method, changes, expected) => {
      const used = new Set<unknown>()
      const address = await serve((request, response) => {
        if (used.has(request.socket)) request.socket.resetAndDestroy()
        else response.end()
        used.add(request.socket)
      })
      const exchange = createExchange(options)
      const request = { method, url: `http://${address}/`, headers: {}, ...changes }
      await exchange(request)
      const outcome = exchange(request).then(
        ({ status }) => status,
        ({ code }) => code,
      )
      expect(await outcome).toBe(expected)
    },
  )

  test('are as many at one time as may be', async () => {
    const held = new Set<ServerResponse>()
    let most = 0
    const address = await serve((_, response) => {
      most = Math.max(most, held.add(response).size)
      if (held.size < 2) return
      setImmediate(() => {
        for (const waiting of held) waiting.end()
        held.clear()
      })
    })
    const exchange = createExchange({ ...options, maxConnections: 2 })
    await Promise.all(Array.from({ length: 20 }, () => exchange(get(`http://${address}/`))))
    expect(most).toBe(2)
  })

  test('lead to a unix socket, whatever the URL names', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'claviger-socket-'))
    const socketPath = join(folder, 'vault.sock')
    const server = createServer((request, response) => {
      response.end(JSON.stringify({ data: { url: request.url } }))
    })
    open.push(server)
    server.listen(socketPath)
    await once(server, 'listening')
    const transport = createTransport({ ...options, socketPath })
    const client = createVaultClient({ address: `unix://${socketPath}`, transport })
    const answer = await client.read('kv/app', {})
    expect(answer.get('data')).toEqual(new Map([['url', '/v1/kv/app']]))
    rmSync(folder, { recursive: true })
  })
})

describe('a call', () => {
  test('carries its wrapping time, its headers and the name of who asks', async () => {
    const seen: unknown[] = []
    const address = await serve((request, response) => {
      const { headers } = request
      seen.push([headers['x-vault-wrap-ttl'], headers['authorization'], headers['user-agent']])
      response.end('{}')
    })
    const transport = createTransport({ ...options, userAgent: 'claviger-agent/1 (auto-auth)' })
    const client = createVaultClient({ address: `http://${address}/`, transport })
    await client.write('auth/x/login', new Map(), {
      wrapTtlMs: 1_500,
      headers: { authorization: 'Negotiate x' },
    })
    expect(seen).toEqual([['2s', 'Negotiate x', 'claviger-agent/1 (auto-auth)']])
  })

  test.each(['hvs.a\n', 'hvs.\u00e4', '\u0000'])(
    'with the token %j is refused here',
    async (text) => {
      const client = createVaultClient({
        address: 'http://127.0.0.1:1',
        transport: createTransport(options),
      })
      await expect(client.read('x', { token: new Secret(text) })).rejects.toMatchObject({
        code: 'token_invalid',
      })
    },
  )
})
