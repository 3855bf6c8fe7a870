/** The server over real TLS: routes, limits, keep-alive, drain, exchange of the certificate. */
import { once } from 'node:events'
import { Agent, request } from 'node:https'
import { connect } from 'node:tls'
import { afterEach, describe, expect, test } from '@jest/globals'
import { systemClock } from '../../../core/clock.ts'
import { createLogger } from '../../../core/log.ts'
import { WebhookServer } from '../../../webhook/http/server.ts'
import { createDefaults } from '../../support/webhook-defaults.ts'
import { createTestCertificate, review, send, type TestRequest } from './support/certificates.ts'
import { createManualClock } from './support/clock.ts'
import { createTelemetry, serverSettings } from './support/telemetry.ts'

const defaults = createDefaults({ address: 'https://vault:8200', image: 'agent:1' })
const certificate = createTestCertificate()
const json = { 'content-type': 'application/json' }
const mebibyte = 2 ** 20
const cleanups: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

async function start(clock = systemClock) {
  const lines: string[] = []
  const write = (line: string) => void lines.push(line)
  const logger = createLogger({ level: 'debug', format: 'standard', write, now: () => 0 })
  const telemetry = createTelemetry(logger)
  const server = new WebhookServer({ defaults, telemetry, clock, ...serverSettings })
  server.useCertificate(certificate.pair)
  const address = await server.listen('127.0.0.1', 0)
  let drained: Promise<void> | undefined
  const drain = (delayMs = 0) => {
    drained ??= server.drain(delayMs)
    return drained
  }
  cleanups.push(() => drain())
  const call = (path: string, options: TestRequest = {}) =>
    send(address, path, { ca: certificate.ca, ...options })
  const post = (body: string | Buffer, headers: Record<string, string> = json) =>
    call('/mutate', { method: 'POST', headers, body })
  return { server, address, lines, call, post, drain }
}

describe('routes', () => {
  test.each([
    ['POST', '/mutate?timeout=5s', 200],
    ['GET', '/mutate', 405],
    ['PUT', '/mutate', 405],
    ['GET', '/healthz', 200],
    ['HEAD', '/readyz', 200],
    ['POST', '/readyz', 405],
    ['GET', '/', 404],
    ['GET', '/%', 404],
    ['POST', '/mutate/x', 404],
    ['OPTIONS', '/healthz', 405],
    ['GET', '/health/ready', 204],
    ['POST', '/health/ready', 204],
    ['POST', '/Mutate', 404],
    ['POST', '/mutate/', 404],
    ['GET', '/metrics', 404],
  ])('%s %s is %d', async (method, path, status) => {
    const { call } = await start()
    const body = method === 'POST' ? { body: review } : {}
    const response = await call(path, { method, headers: json, ...body })
    expect(response.status).toBe(status)
    expect(response.headers['x-powered-by']).toBeUndefined()
    expect(response.headers.etag).toBeUndefined()
  })

  test('405 says what is allowed', async () => {
    const { call } = await start()
    expect((await call('/mutate', { method: 'DELETE' })).headers.allow).toBe('POST')
  })
})

describe('bodies', () => {
  /** However slow the machine is, no body comes too late. */
  const startAtRest = () => start(createManualClock())

  test('a review is answered with a patch and logged in one line', async () => {
    const { post, lines } = await startAtRest()
    const { status, body, headers } = await post(review)
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('application/json')
    expect(JSON.parse(body).response).toMatchObject({ uid: 'test-uid', patchType: 'JSONPatch' })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('pod injected')
  })

  test.each([
    ['empty', '', 400],
    ['no JSON', '{', 400],
    ['no review', '{}', 400],
    ['deeply nested', '['.repeat(100_000), 400],
    ['as large as allowed', review.padEnd(7 * mebibyte), 200],
    ['one byte larger', review.padEnd(7 * mebibyte + 1), 413],
  ])('%s', async (_, body, status) => {
    const { post } = await startAtRest()
    expect((await post(body)).status).toBe(status)
  })

  test('a large body without a length is 413 too, and the server lives on', async () => {
    const { post } = await startAtRest()
    const body = Buffer.alloc(8 * mebibyte, ' ')
    expect((await post(body, { ...json, 'transfer-encoding': 'chunked' })).status).toBe(413)
    expect((await post(review)).status).toBe(200)
  })

  test.each([[{ 'content-type': 'text/plain' }], [{ ...json, 'content-encoding': 'gzip' }], [{}]])(
    '%j is 415',
    async (headers) => {
      const { post } = await startAtRest()
      expect((await post(review, headers)).status).toBe(415)
    },
  )

  test('a client that goes away in the middle harms nobody', async () => {
    const { address, post, lines } = await startAtRest()
    const [host, port] = address.split(':')
    const socket = connect({ host, port: Number(port), ca: certificate.ca })
    await once(socket, 'secureConnect')
    const head =
      'POST /mutate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{'
    await new Promise((resolve) => socket.write(head, resolve))
    socket.destroy()
    expect((await post(review)).status).toBe(200)
    expect(lines.filter((line) => line.includes('[ERROR]'))).toEqual([])
  })
})

describe('connections', () => {
  test('are kept longer than the 90 s of the API server', async () => {
    const { call } = await start()
    const agent = new Agent({ keepAlive: true })
    const first = await call('/healthz', { agent })
    const second = await call('/healthz', { agent })
    agent.destroy()
    expect(second.localPort).toBe(first.localPort)
    const timeout = /timeout=(\d+)/.exec(String(first.headers['keep-alive']))?.[1]
    expect(Number(timeout)).toBeGreaterThan(90)
  })

  test('refuse TLS before 1.2', async () => {
    const { call } = await start()
    await expect(call('/healthz', { maxVersion: 'TLSv1.1', minVersion: 'TLSv1' })).rejects.toThrow()
  })
})

describe('certificates', () => {
  test('are exchanged for new connections while old ones go on', async () => {
    const { server, call } = await start()
    const next = createTestCertificate()
    const agent = new Agent({ keepAlive: true })
    const before = await call('/healthz', { agent })
    server.useCertificate(next.pair)
    const old = await call('/healthz', { agent })
    agent.destroy()
    const fresh = await call('/healthz', { ca: next.ca })
    expect(old.localPort).toBe(before.localPort)
    expect(fresh.fingerprint).not.toBe(before.fingerprint)
    await expect(call('/healthz')).rejects.toThrow()
  })

  test('that cannot be used leave the one in use', async () => {
    const { server, call } = await start()
    const other = createTestCertificate()
    const mixed = { cert: other.pair.cert, key: certificate.pair.key }
    expect(() => server.useCertificate(mixed)).toThrow(/certificate or key cannot be used/)
    expect(() => server.useCertificate({ cert: 'x', key: 'y' })).toThrow()
    expect((await call('/readyz')).status).toBe(200)
  })

  test('that have expired make the server unready, not unhealthy', async () => {
    const clock = createManualClock()
    const { call, drain } = await start(clock)
    clock.advance(3_600_001)
    expect((await call('/readyz')).status).toBe(503)
    expect((await call('/healthz')).status).toBe(200)
    await drain()
  })
})

describe('drain', () => {
  test('serves on but unready for its delay, answers what is under way, then closes', async () => {
    const clock = createManualClock()
    const { call, post, drain, address } = await start(clock)
    const drained = drain(1_000)
    expect((await call('/readyz')).status).toBe(503)
    const answer = await post(review)
    expect([answer.status, answer.headers.connection]).toEqual([200, 'close'])

    const [host, port] = address.split(':')
    const headers = { ...json, 'content-length': String(review.length) }
    const slow = request({
      host,
      port,
      path: '/mutate',
      method: 'POST',
      headers,
      ca: certificate.ca,
    })
    const [socket] = await once(slow, 'socket')
    await once(socket, 'secureConnect')
    await new Promise((resolve) => slow.write(review.slice(0, 10), resolve))
    // The server has read the beginning once it answers a later request on another connection.
    await call('/healthz')
    clock.advance(1_000)
    await expect(call('/healthz')).rejects.toThrow(/ECONNREFUSED/)
    slow.end(review.slice(10))
    const [response] = await once(slow, 'response')
    response.resume()
    expect(response.statusCode).toBe(200)
    await drained
  })

  test('does not wait for ever', async () => {
    const clock = createManualClock()
    const { drain, address } = await start(clock)
    const [host, port] = address.split(':')
    const socket = connect({ host, port: Number(port), ca: certificate.ca })
    await once(socket, 'secureConnect')
    await new Promise((resolve) => socket.write('POST /mutate HTTP/1.1\r\nHost: x\r\n', resolve))
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.once('error', () => undefined).resume()
    const drained = drain()
    await clock.waiting()
    clock.advance(10_000)
    await Promise.all([drained, closed])
  })
})
