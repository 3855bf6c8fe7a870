/** Both sources of certificates: files that change, and a Secret that replicas share, behind a fake API server. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createLogger } from '../../../core/log.ts'
import { WebhookServer } from '../../../webhook/http/server.ts'
import { createCluster } from '../../../webhook/kube/client.ts'
import { createFileSource } from '../../../webhook/tls/file-source.ts'
import { createGeneratedSource } from '../../../webhook/tls/generated-source.ts'
import { createPublishedSource } from '../../../webhook/tls/published-source.ts'
import type { CertificateSource, KeyPair } from '../../../webhook/tls/source.ts'
import { createDefaults } from '../../support/webhook-defaults.ts'
import { createTestCertificate, send } from './support/certificates.ts'
import { createManualClock, type ManualClock } from './support/clock.ts'
import { type FakeApiServer, names, startFakeApiServer } from './support/fake-api-server.ts'
import { createTelemetry, serverSettings } from './support/telemetry.ts'

const lines: string[] = []
const write = (line: string) => void lines.push(line)
const logger = createLogger({ level: 'trace', format: 'json', write, now: () => 0 })
const stops: (() => Promise<void>)[] = []

beforeEach(() => {
  lines.length = 0
  failures.length = 0
})

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

const failed = () => void failures.push('failed')
const failures: string[] = []

/** Runs a source; `pairs` grows with each one it hands over. */
function run(source: CertificateSource): readonly KeyPair[] {
  const pairs: KeyPair[] = []
  const controller = new AbortController()
  const use = (pair: KeyPair) => void pairs.push(pair)
  const running = source.run({ use, failed }, controller.signal)
  stops.push(async () => {
    controller.abort()
    await running
  })
  return pairs
}

describe('the generated source', () => {
  let api: FakeApiServer

  beforeEach(async () => {
    api = await startFakeApiServer()
    stops.push(() => api.close())
  })

  afterEach(() => {
    expect(lines.join('')).not.toContain('CANARY')
  })

  function startReplica() {
    const clock = createManualClock()
    const hosts = ['localhost', '127.0.0.1']
    const settleMs = 300_000
    const cluster = createCluster(api.config, names)
    const pairs = run(createGeneratedSource({ cluster, hosts, settleMs, clock, logger }))
    // Stopped before the API server.
    const stop = stops.pop()
    if (stop !== undefined) stops.unshift(stop)
    return { clock, pairs }
  }

  test('replaces a Secret that it may not patch', async () => {
    api.replaceOnly = true
    const { clock } = startReplica()
    await clock.waiting()
    expect(Object.keys(api.secretData())).toEqual(['ca.crt', 'ca.key', 'tls.crt', 'tls.key'])
    expect(api.requests.filter((line) => line.startsWith('PUT'))).toHaveLength(1)
  })

  test('fills the empty Secret, publishes the CA to every webhook, and serves', async () => {
    const { clock, pairs } = startReplica()
    await clock.waiting()
    const bundle = Buffer.from(api.secretData()['ca.crt'] ?? '', 'base64').toString()
    expect(Object.keys(api.secretData())).toEqual(['ca.crt', 'ca.key', 'tls.crt', 'tls.key'])
    expect(api.bundles()).toEqual([bundle, bundle])

    const defaults = createDefaults({ address: 'https://vault:8200', image: 'agent:1' })
    const server = new WebhookServer({
      defaults,
      telemetry: createTelemetry(logger),
      ...serverSettings,
      clock,
    })
    for (const pair of pairs) server.useCertificate(pair)
    const address = await server.listen('127.0.0.1', 0)
    expect((await send(address, '/readyz', { ca: bundle })).status).toBe(200)
    await server.drain(0)
  })

  test('writes nothing when nothing is due', async () => {
    await startReplica().clock.waiting()
    const { clock, pairs } = startReplica()
    await clock.waiting()
    expect(pairs).toHaveLength(1)
    expect(api.requests.filter((line) => line.startsWith('PATCH'))).toEqual([
      'PATCH /api/v1/namespaces/ns/secrets/certs application/merge-patch+json',
      'PATCH /apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/cfg application/json-patch+json',
    ])
  })

  test('two replicas that race agree on one certificate', async () => {
    const replicas = [startReplica(), startReplica()]
    await Promise.all(replicas.map(({ clock }) => clock.waiting()))
    const [first, second] = replicas.map(({ pairs }) => pairs)
    expect(first).toHaveLength(1)
    expect(second).toEqual(first)
    expect(new Set(api.bundles()).size).toBe(1)
  })

  test('whoever loses the race to write takes what the winner wrote', async () => {
    const winner = startReplica()
    await winner.clock.waiting()
    api.beforeWrite = () => {
      api.beforeWrite = undefined
      api.touchSecret()
    }
    winner.clock.advance(4 * 86_400_000)
    await winner.clock.waiting()
    expect(winner.pairs).toHaveLength(2)
    expect(lines.join('')).not.toContain('[WARN]')
  })

  test('renews the leaf in time, with the CA that is published', async () => {
    const { clock, pairs } = startReplica()
    await clock.waiting()
    const [bundle] = api.bundles()
    clock.advance(4 * 86_400_000)
    await clock.waiting()
    expect(pairs).toHaveLength(2)
    expect(api.bundles()).toEqual([bundle, bundle])
  })

  test('rotates the CA when the Secret asks: published at once, used once it has settled', async () => {
    const { clock, pairs } = startReplica()
    await clock.waiting()
    const [before] = api.bundles()
    api.annotateSecret({ 'claviger.dev/rotate-ca': 'now', other: 'kept' })
    clock.advance(60_000)
    await clock.waiting()
    expect(api.secretAnnotations()).toEqual({ other: 'kept' })
    const [bundle = ''] = api.bundles()
    expect(bundle).toContain(before)
    expect(bundle.match(/BEGIN/g)).toHaveLength(2)
    expect(pairs).toHaveLength(1)
    for (let minute = 1; minute <= 5; minute++) {
      clock.advance(60_000)
      await clock.waiting()
    }
    expect(pairs).toHaveLength(2)
    expect(api.bundles()).toEqual([bundle, bundle])
    expect(failures).toEqual([])
  })

  test('goes on trying while the API refuses, and says so without its words', async () => {
    api.fail = 403
    const { clock, pairs } = startReplica()
    await clock.waiting()
    expect(pairs).toEqual([])
    expect(lines.join('')).toContain('"code":"kubernetes_refused"')
    expect(lines.join('')).toContain('"status":403')
    expect(failures).toEqual(['failed'])
    api.fail = undefined
    clock.advance(15_000)
    await clock.waiting()
    expect(pairs).toHaveLength(1)
  })
})

describe('the file source', () => {
  let folder: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'claviger-certs-'))
  })

  afterEach(() => {
    rmSync(folder, { recursive: true })
  })

  function store({ cert, key }: KeyPair) {
    writeFileSync(join(folder, 'tls.crt'), cert)
    writeFileSync(join(folder, 'tls.key'), key)
  }

  function createSource(clock = createManualClock()) {
    const files = { certFile: join(folder, 'tls.crt'), keyFile: join(folder, 'tls.key') }
    return createFileSource({ ...files, clock, logger })
  }

  test('hands over the pair, and a new one when the files change', async () => {
    const [before, after] = [createTestCertificate().pair, createTestCertificate().pair]
    const clock = createManualClock()
    store(before)
    const pairs = run(createSource(clock))
    await clock.waiting()
    clock.advance(2_000)
    await clock.waiting()
    expect(pairs).toEqual([before])
    store(after)
    clock.advance(2_000)
    await clock.waiting()
    expect(pairs).toEqual([before, after])
  })

  test('keeps the last pair while a file is missing', async () => {
    const { pair } = createTestCertificate()
    const clock = createManualClock()
    store(pair)
    const pairs = run(createSource(clock))
    await clock.waiting()
    rmSync(join(folder, 'tls.key'))
    clock.advance(2_000)
    await clock.waiting()
    expect(pairs).toEqual([pair])
    expect(lines.join('')).toContain('certificate not loaded')
    expect(failures).toEqual(['failed'])
  })

  test('fails at the start when there is nothing to serve with', async () => {
    const running = createSource().run(
      { use: () => undefined, failed },
      new AbortController().signal,
    )
    await expect(running).rejects.toMatchObject({ code: 'tls_invalid' })
  })
})

describe('the published source', () => {
  test('writes the CA of given files into the configuration, again when it changes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'claviger-ca-'))
    const api = await startFakeApiServer()
    const clock = createManualClock()
    const caFile = join(folder, 'ca.crt')
    const certFile = join(folder, 'tls.crt')
    const keyFile = join(folder, 'tls.key')
    const { pair } = createTestCertificate()
    writeFileSync(caFile, 'first')
    writeFileSync(certFile, pair.cert)
    writeFileSync(keyFile, pair.key)
    const cluster = createCluster(api.config, names)
    const files = createFileSource({ certFile, keyFile, clock, logger })
    const stop = new AbortController()
    const published = createPublishedSource(files, { caFile, cluster, clock, logger })
    const running = published.run({ use: () => undefined, failed }, stop.signal)
    await waitForBundle(api, clock, 'first')
    writeFileSync(caFile, 'second')
    await waitForBundle(api, clock, 'second')
    stop.abort()
    await running
    await api.close()
    rmSync(folder, { recursive: true })
  })

  async function waitForBundle(api: FakeApiServer, clock: ManualClock, bundle: string) {
    while (!api.bundles().every((text) => text === bundle)) {
      await clock.waiting()
      clock.advance(15_000)
      await new Promise(setImmediate)
    }
  }
})
