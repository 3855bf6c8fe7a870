/** Profile vault-k8s over the wire: what only HTTP shows. */
import { once } from 'node:events'
import { connect } from 'node:http2'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { systemClock } from '../../../core/clock.ts'
import { createLogger } from '../../../core/log.ts'
import { WebhookServer } from '../../../webhook/http/server.ts'
import { profiles } from '../../../webhook/inject/profiles.ts'
import { createDefaults } from '../../support/webhook-defaults.ts'
import { createTestCertificate, review, send } from './support/certificates.ts'
import { createTelemetry, serverSettings } from './support/telemetry.ts'

const certificate = createTestCertificate()
const { ca } = certificate
const json = { 'content-type': 'application/json' }
const usual = createDefaults({ address: 'https://vault:8200', image: 'vault:1' })
const profile = profiles.get('vault-k8s') ?? usual.profile
const logger = createLogger({
  level: 'error',
  format: 'json',
  write: () => undefined,
  now: () => 0,
})
const server = new WebhookServer({
  defaults: { ...usual, profile },
  telemetry: createTelemetry(logger),
  clock: systemClock,
  ...serverSettings,
  telemetryPath: '/metrics',
})
let address = ''

beforeAll(async () => {
  server.useCertificate(certificate.pair)
  address = await server.listen('127.0.0.1', 0)
})

afterAll(() => server.drain(0))

async function sendHttp2(path: string, method: string, body: string | undefined) {
  const session = connect(`https://${address}`, { ca })
  const stream = session.request(
    { ':path': path, ':method': method, ...json },
    { endStream: false },
  )
  stream.end(body)
  const [headers] = await once(stream, 'response')
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  session.close()
  return { status: headers[':status'], headers, body: Buffer.concat(chunks).toString() }
}

describe('HTTP/2 and HTTP/1.1', () => {
  test.each([
    ['POST', '/mutate', review, 200],
    ['DELETE', '/mutate?timeout=1s', review, 200],
    ['POST', '/mutate', '', 400],
    ['POST', '/mutate', '[]', 500],
    ['GET', '/health/ready', undefined, 204],
    ['GET', '/healthz', undefined, 200],
    ['GET', '/metrics', undefined, 200],
    ['GET', '/', undefined, 404],
  ])('%s %s gets the same answer on both', async (method, path, body, status) => {
    const length = { 'content-length': String(body?.length ?? 0) }
    const options = { ca, method, headers: { ...json, ...length } }
    const first = await send(address, path, body === undefined ? options : { ...options, body })
    const second = await sendHttp2(path, method, body)
    expect([first.status, second.status]).toEqual([status, status])
    expect(second.headers['content-type']).toBe(first.headers['content-type'])
    if (path !== '/metrics') expect(second.body).toBe(first.body)
  })

  test('an answer and an error say what they are as Go does', async () => {
    const answer = await send(address, '/mutate', {
      ca,
      method: 'POST',
      headers: json,
      body: review,
    })
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8')
    const error = await send(address, '/none', { ca })
    expect(error.headers['x-content-type-options']).toBe('nosniff')
    expect(error.body).toBe('404 page not found\n')
  })
})

test('the metrics are served on the path that was asked for', async () => {
  const { headers, body } = await send(address, '/metrics', { ca, method: 'GET' })
  expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/)
  expect(body).toContain('# TYPE vault_agent_injector_request_queue_length gauge')
  expect(body).toMatch(/claviger_webhook_certificate_expiry_timestamp_seconds \d{10}/)
})
