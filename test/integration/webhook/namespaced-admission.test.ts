/** A webhook that relies on a watch of namespaces, over real TLS. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { WebhookServer } from '../../../webhook/http/server.ts'
import { createDefaults } from '../../support/webhook-defaults.ts'
import { createTestCertificate, send } from './support/certificates.ts'
import type { FakeObjects } from './support/fake-objects.ts'
import { useNamespaces } from './support/namespace-watch.ts'
import { createTelemetry, serverSettings } from './support/telemetry.ts'

const { api: current, start } = useNamespaces()
const servers: WebhookServer[] = []
let api: FakeObjects

beforeEach(() => {
  api = current()
})

afterEach(async () => {
  for (const server of servers.splice(0)) await server.drain(0)
})

describe('the webhook', () => {
  const certificate = createTestCertificate()

  async function serve() {
    const started = start()
    const given = createDefaults({ address: 'https://vault:8200', image: 'agent:1' })
    const { clock, watch, logger } = started
    const server = new WebhookServer({
      defaults: given,
      namespaces: watch,
      telemetry: createTelemetry(logger),
      clock,
      ...serverSettings,
    })
    server.useCertificate(certificate.pair)
    const address = await server.listen('127.0.0.1', 0)
    servers.push(server)
    const ready = async () => (await send(address, '/readyz', { ca: certificate.ca })).status
    const create = async (namespace: string, annotations: object) => {
      const object = { metadata: { annotations }, spec: { containers: [{ name: 'app' }] } }
      const request = { uid: 'u', namespace, operation: 'CREATE', object }
      const review = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request }
      const headers = { 'content-type': 'application/json' }
      const options = { ca: certificate.ca, method: 'POST', headers, body: JSON.stringify(review) }
      return JSON.parse((await send(address, '/mutate', options)).body).response
    }
    return { ...started, ready, create }
  }

  const asking = { 'claviger.dev/agent-inject': 'true' }

  test('injects with the defaults of the namespace', async () => {
    api.set('team', { annotations: { 'claviger.dev/default-role': 'team-role' } })
    const { create } = await serve()
    await api.opened(1)
    const { allowed, patch } = await create('team', asking)
    expect(allowed).toBe(true)
    const text = Buffer.from(patch, 'base64').toString()
    const [, config = ''] = /"VAULT_CONFIG","value":"([^"]*)"/.exec(text) ?? []
    expect(Buffer.from(config, 'base64').toString()).toContain('"role":"team-role"')
  })

  test('waits for a namespace that is new', async () => {
    const { clock, create } = await serve()
    await api.opened(1)
    const answer = create('new', asking)
    await clock.waiting()
    api.set('new', { annotations: { 'claviger.dev/default-role': 'r' } })
    expect((await answer).allowed).toBe(true)
  })

  test('denies, for another try, in a namespace that it does not get to know', async () => {
    const { clock, create } = await serve()
    await api.opened(1)
    const answer = create('missing', asking)
    await clock.waiting()
    clock.advance(500)
    expect(await answer).toEqual({
      uid: 'u',
      allowed: false,
      status: {
        code: 503,
        reason: 'ServiceUnavailable',
        details: { retryAfterSeconds: 1 },
        message: expect.stringContaining('a namespace that the webhook knows already'),
      },
    })
    expect((await create('missing', {})).allowed).toBe(true)
    expect((await create('kube-system', asking)).status.message).toContain('other than kube-system')
  })

  test('is ready when it knows the namespaces, and stays so while the API is away', async () => {
    api.fail = 500
    const { clock, ready, goOn } = await serve()
    await clock.waiting()
    expect(await ready()).toBe(503)
    api.fail = undefined
    await goOn()
    await api.opened(1)
    expect(await ready()).toBe(200)
    await api.stop()
    expect(await ready()).toBe(200)
  })
})
