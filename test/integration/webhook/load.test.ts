/** What the server does under more than it can take, and with those who take their time. */
import { once } from 'node:events'
import { request } from 'node:https'
import type { Socket } from 'node:net'
import { connect as connectPlain } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { afterEach, describe, expect, test } from '@jest/globals'
import type { Clock } from '../../../core/clock.ts'
import { systemClock } from '../../../core/clock.ts'
import { createLogger } from '../../../core/log.ts'
import { WebhookServer } from '../../../webhook/http/server.ts'
import { createDefaults } from '../../support/webhook-defaults.ts'
import { createTestCertificate, review, send } from './support/certificates.ts'
import { createManualClock } from './support/clock.ts'
import { createTelemetry, serverSettings } from './support/telemetry.ts'

const certificate = createTestCertificate()
const { ca } = certificate
const json = { 'content-type': 'application/json' }
const mebibyte = 2 ** 20
const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function start(clock: Clock = systemClock) {
  const logger = createLogger({
    level: 'error',
    format: 'json',
    write: () => undefined,
    now: () => 0,
  })
  const telemetry = createTelemetry(logger)
  const defaults = createDefaults({ address: 'https://vault:8200', image: 'agent:1' })
  const server = new WebhookServer({ defaults, telemetry, clock, ...serverSettings })
  server.useCertificate(certificate.pair)
  const address = await server.listen('127.0.0.1', 0)
  cleanups.push(() => server.drain(0))
  const post = () => send(address, '/mutate', { ca, method: 'POST', headers: json, body: review })
  return { address, post, render: async () => (await telemetry.render()).text }
}

/** A request whose head and first bytes have arrived; `finish` sends the rest. */
async function begin(address: string, path: string, given: { length: number; sent: number }) {
  const [host, port] = address.split(':')
  const headers = { ...json, 'content-length': given.length }
  const outgoing = request({ host, port, path, method: 'POST', headers, ca, agent: false })
  cleanups.push(() => outgoing.destroy())
  const response = once(outgoing, 'response').then(([answer]) => {
    answer.resume()
    return answer
  })
  response.catch(() => undefined)
  await new Promise((resolve) => outgoing.write(Buffer.alloc(given.sent, ' '), resolve))
  return { response, outgoing }
}

describe('too much at once', () => {
  test('of bodies is answered with 429 and when to come again, and everyone else is served', async () => {
    const { address, post, render } = await start()
    const large = await Promise.all(
      Array.from({ length: 12 }, () =>
        begin(address, '/mutate', { length: 7 * mebibyte, sent: 6 * mebibyte }),
      ),
    )
    expect((await post()).status).toBe(200)
    for (const { outgoing } of large) outgoing.end(Buffer.alloc(mebibyte, ' '))
    const answers = await Promise.all(large.map(({ response }) => response))
    const refused = answers.filter(({ statusCode }) => statusCode === 429)
    expect(refused.length).toBeGreaterThanOrEqual(2)
    for (const { headers } of refused) expect(headers['retry-after']).toBe('1')
    expect(await render()).toMatch(/claviger_webhook_shed_total\{cause="bytes"\} [2-9]/)
    expect((await post()).status).toBe(200)
  })

  test('of requests is answered with 429, and what it held is free again', async () => {
    const { address, post, render } = await start(createManualClock())
    const held = await Promise.all(
      Array.from({ length: 400 }, () => begin(address, '/mutate', { length: 10, sent: 1 })),
    )
    const answer = await post()
    expect([answer.status, answer.headers['retry-after']]).toEqual([429, '1'])
    expect(await render()).toContain('claviger_webhook_shed_total{cause="requests"} 1\n')
    for (const { outgoing } of held) outgoing.end(' '.repeat(9))
    await Promise.all(held.map(({ response }) => response))
    expect((await post()).status).toBe(200)
  }, 60_000)

  test('of connections from one peer is cut off', async () => {
    const { address, render } = await start()
    const [host = '', port] = address.split(':')
    const sockets: Socket[] = Array.from({ length: 510 }, () =>
      connectPlain({ host, port: Number(port) }),
    )
    cleanups.push(() => sockets.map((socket) => socket.destroy()))
    await Promise.all(
      sockets.slice(500).map((socket) =>
        once(
          socket.on('error', () => undefined),
          'close',
        ),
      ),
    )
    expect(await render()).toContain('claviger_webhook_shed_total{cause="connections"} 10\n')
  })
})

describe('too slow', () => {
  test.each([
    ['/mutate', 2_000],
    ['/mutate?timeout=10s', 2_000],
    ['/mutate?timeout=1s', 750],
    ['/mutate?timeout=0s', 100],
  ])('a body for %s is given up after %d ms, before the API server does', async (path, ms) => {
    const clock = createManualClock()
    const { address } = await start(clock)
    const { response } = await begin(address, path, { length: 10, sent: 1 })
    await clock.waiting()
    clock.advance(ms - 1)
    clock.advance(1)
    const { statusCode, headers } = await response
    expect([statusCode, headers['retry-after'], headers.connection]).toEqual([503, '1', 'close'])
  })

  test('hundreds who never say anything hinder nobody and are closed', async () => {
    const { address, post } = await start()
    const [host = '', port] = address.split(':')
    const open = (index: number): TLSSocket | Socket => {
      const options = { host, port: Number(port), ca, servername: 'localhost' }
      const socket = index % 2 === 0 ? connect(options) : connectPlain(options)
      return socket.on('error', () => undefined).resume()
    }
    const silent = Array.from({ length: 300 }, (_, index) => open(index))
    cleanups.push(() => silent.map((socket) => socket.destroy()))
    const closed = Promise.all(silent.map((socket) => once(socket, 'close')))
    for (let round = 0; round < 20; round++) expect((await post()).status).toBe(200)
    await closed
    expect((await post()).status).toBe(200)
  }, 60_000)
})
