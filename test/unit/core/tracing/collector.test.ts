/** The way to a collector: files that are read each time, TLS, and words for what goes wrong. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { postSpans } from '../../../../core/tracing/collector.ts'
import { readTraces } from '../../../../core/tracing/trace-settings.ts'
import { type Collector, startCollector } from '../../../support/collector.ts'
import { createTestAuthority } from '../../../support/stores/test-authority.ts'

const body = Buffer.from('{"resourceSpans":[]}')
const folder = mkdtempSync(join(tmpdir(), 'claviger-collector-'))
const path = (name: string) => join(folder, name)
afterAll(() => rmSync(folder, { recursive: true }))

function post(
  endpoint: string,
  variables: Readonly<Record<string, string>> = {},
  files: { readonly headersPath?: string; readonly caPath?: string } = {},
) {
  const own = { service: 's', resource: new Map<string, string>(), endpoint, ...files }
  const { settings } = readTraces(own, variables)
  if (settings === undefined) throw new Error('no settings')
  const proxy = variables['HTTP_PROXY'] === undefined ? {} : { HTTP_PROXY: variables['HTTP_PROXY'] }
  return postSpans(settings, body, { proxy, userAgent: 'tester/1' })
}

describe('over HTTP', () => {
  let collector: Collector
  beforeEach(async () => {
    collector = await startCollector()
  })
  afterEach(() => collector.close())

  test('a file of headers is read for each request', async () => {
    const headersPath = path('headers')
    for (const key of ['first', 'second']) {
      writeFileSync(headersPath, `x-key=${key}\n`)
      expect(await post(collector.address, {}, { headersPath })).toBeUndefined()
    }
    expect(collector.requests.map(({ headers }) => headers['x-key'])).toEqual(['first', 'second'])
    expect(collector.requests[0]?.headers).toMatchObject({ 'user-agent': 'tester/1' })
    expect(collector.faults).toEqual([])
  })

  test('one that is missing or something else keeps the request from being made', async () => {
    const missing = path('missing')
    expect(await post(collector.address, {}, { headersPath: missing })).toBe(
      `${missing} cannot be read (ENOENT)`,
    )
    const wrong = path('wrong')
    writeFileSync(wrong, 'canary')
    const told = await post(collector.address, {}, { headersPath: wrong })
    expect(told).toBe(`${wrong} is no list of NAME=VALUE`)
    expect(collector.requests).toEqual([])
  })

  test('headers that say how the body is written are ours', async () => {
    const variables = { OTEL_EXPORTER_OTLP_HEADERS: 'content-type=text/plain' }
    expect(await post(collector.address, variables)).toBeUndefined()
    expect(collector.faults).toEqual([])
  })

  test('a proxy is on the way, but not to this machine', async () => {
    const variables = { HTTP_PROXY: 'http://127.0.0.1:1' }
    expect(await post('http://collector.test:4318', variables)).toBe('ECONNREFUSED')
    expect(await post(collector.address, variables)).toBeUndefined()
  })

  test('it has so long to answer', async () => {
    collector.mood = 'hang'
    expect(await post(collector.address, { OTEL_EXPORTER_OTLP_TIMEOUT: '50' })).toBe('ETIMEDOUT')
  })
})

describe('over TLS', () => {
  const { ca, pair } = createTestAuthority()
  let server: Server
  let address: string
  beforeAll(async () => {
    writeFileSync(path('ca'), ca)
    server = createServer(pair, (incoming, response) => {
      incoming.resume().on('end', () => response.end())
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    address = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())))

  test('its certificate is verified', async () => {
    expect(await post(address)).toMatch(/^(UNABLE_TO|SELF_SIGNED|DEPTH_ZERO)/)
    expect(await post(address, {}, { caPath: path('ca') })).toBeUndefined()
    expect(await post(address, { OTEL_EXPORTER_OTLP_CERTIFICATE: path('ca') })).toBeUndefined()
  })

  test('with what is no certificate nothing is sent', async () => {
    writeFileSync(path('none'), 'canary')
    const told = await post(address, {}, { caPath: path('none') })
    expect(told).toBeDefined()
    expect(told).not.toContain('canary')
  })
})
