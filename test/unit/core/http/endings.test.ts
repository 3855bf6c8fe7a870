/** Exchanges that end before there is an answer, wherever they are. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:net'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createExchange, type ExchangeOptions } from '../../../../core/http/exchange.ts'

let server: Server
let address: string
beforeEach(async () => {
  // It takes connections, and says nothing.
  server = createServer((socket) => socket.on('error', () => undefined).resume())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => {
  server.close()
})

const options: ExchangeOptions = { tls: {}, skipVerify: false, timeoutMs: 60_000 }
const places: readonly (readonly [string, () => [ExchangeOptions, string]])[] = [
  ['an answer', () => [options, `http://${address}/`]],
  ['a TLS handshake', () => [options, `https://${address}/`]],
  [
    'the tunnel of a proxy',
    () => [{ ...options, proxy: { HTTPS_PROXY: `http://${address}` } }, 'https://store.test/'],
  ],
]

test.each(places)('what waits for %s ends when it is told to', async (_, place) => {
  const [given, url] = place()
  const ending = new AbortController()
  const asked = createExchange(given)({ method: 'GET', url, headers: {} }, ending.signal)
  const connected = once(server, 'connection')
  const outcome = expect(asked).rejects.toMatchObject({
    code: 'store_unreachable',
    facts: { cause: 'ABORT_ERR', address: new URL(url).origin },
  })
  await connected
  ending.abort()
  await outcome
})

test.each(places)('what waits for %s ends in time', async (_, place) => {
  const [given, url] = place()
  const asked = createExchange({ ...given, timeoutMs: 50 })({ method: 'GET', url, headers: {} })
  await expect(asked).rejects.toMatchObject({
    code: 'store_unreachable',
    facts: { cause: 'ETIMEDOUT', address: new URL(url).origin },
  })
})

test('what waits for its turn ends when it is told to', async () => {
  const exchange = createExchange({ ...options, maxConnections: 1 })
  const request = { method: 'GET', url: `http://${address}/`, headers: {} }
  const [first, second] = [new AbortController(), new AbortController()]
  const waiting = exchange(request, first.signal)
  const outcome = expect(waiting).rejects.toMatchObject({ facts: { cause: 'ABORT_ERR' } })
  await once(server, 'connection')
  const queued = exchange(request, second.signal)
  setImmediate(() => second.abort())
  await expect(queued).rejects.toMatchObject({ facts: { cause: 'ABORT_ERR' } })
  first.abort()
  await outcome
})

test('what was told to end before asks nobody', async () => {
  let connections = 0
  server.on('connection', () => connections++)
  const request = { method: 'GET', url: `http://${address}/`, headers: {} }
  const asked = createExchange(options)(request, AbortSignal.abort())
  await expect(asked).rejects.toMatchObject({ facts: { cause: 'ABORT_ERR' } })
  expect(connections).toBe(0)
})
