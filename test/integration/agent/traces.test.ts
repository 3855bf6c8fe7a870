/** Spans of a built agent, at a collector that takes nothing wrong, and at collectors that are of no use. */
import { existsSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { AgentFolder } from '../../support/agent-process.ts'
import { type Collector, startCollector } from '../../support/collector.ts'
import {
  kvBody,
  loginAnswer,
  type ScriptedVault,
  startScriptedVault,
} from '../../support/scripted-vault.ts'

let folder: AgentFolder
let vault: ScriptedVault
let collector: Collector
beforeEach(async () => {
  folder = new AgentFolder()
  collector = await startCollector()
  vault = await startScriptedVault(({ path }) => {
    if (path.startsWith('auth/')) return loginAnswer
    return path.includes('missing') ? { status: 404 } : kvBody({ password: 'pa55' })
  })
})
afterEach(async () => {
  await folder.remove()
  await vault.close()
  await collector.close()
})

const statePath = () => join(folder.root, 'state', 'state.json')

function configOf(traces: object, changes: object = {}): object {
  const claviger = { state_path: statePath(), traces }
  return folder.config(vault.address, { exit_after_auth: true, claviger, ...changes })
}

const named = (name: string) => collector.spans.filter((span) => span.name === name)

describe('a step', () => {
  test('is one trace of its login and its reads', async () => {
    const agent = folder.start(configOf({ endpoint: collector.address }))
    expect(await agent.exited).toBe(0)
    expect(collector.faults).toEqual([])
    expect(collector.requests).toHaveLength(1)
    const [root, ...others] = named('agent_step')
    expect(others).toEqual([])
    expect(root).toMatchObject({
      parentSpanId: undefined,
      kind: 1,
      attributes: { 'claviger.step.files': 1, 'claviger.step.complete': true },
      status: { code: 0 },
    })
    expect(root?.resource).toMatchObject({
      'service.name': 'claviger-agent',
      'telemetry.sdk.name': 'opentelemetry',
    })
    const children = collector.spans.filter((span) => span !== root)
    expect(children.map(({ name }) => name)).toEqual(['login', 'read_secret'])
    for (const child of children) {
      expect(child).toMatchObject({
        traceId: root?.traceId,
        parentSpanId: root?.spanId,
        kind: 3,
        attributes: { 'claviger.outcome': 'ok' },
      })
      expect(child.start).toBeGreaterThanOrEqual(root?.start ?? 0n)
      expect(child.end).toBeLessThanOrEqual(root?.end ?? 0n)
    }
    expect(named('login')[0]?.attributes).toMatchObject({
      'claviger.auth.path': 'auth/kubernetes/login',
      'claviger.auth.role': 'app',
    })
    expect(named('read_secret')[0]?.attributes).toMatchObject({
      'claviger.store.type': 'vault',
      'claviger.secret.references': ['secret/data/app'],
      'claviger.secret.count': 1,
    })
  })

  test('has one span for all that a store is asked at once, and says what failed by code alone', async () => {
    folder.write('there', 'value')
    const contents = ['there', 'absent', 'lost?']
      .map((name) => `{{ secret "dir:${name}" }}`)
      .join('')
    const template = [
      { destination: join(folder.secrets, 'a'), contents },
      {
        destination: join(folder.secrets, 'b'),
        contents:
          '{{ with secret "dir:there" }}{{ secret (printf "dir:%s-x" .Data.value) }}{{ end }}',
      },
    ]
    const stores = { dir: { type: 'file', directory: folder.root } }
    const claviger = {
      state_path: statePath(),
      stores,
      traces: { endpoint: collector.address },
    }
    const agent = folder.start({ template, claviger })
    await collector.hears(1)
    await agent.stop()
    expect(collector.faults).toEqual([])
    const [first] = named('read_secret')
    expect(first).toMatchObject({
      attributes: {
        'claviger.store.name': 'dir',
        'claviger.store.type': 'file',
        'claviger.secret.references': ['dir:there', 'dir:absent', 'dir:lost'],
        'claviger.secret.count': 3,
        'claviger.secret.failed': 2,
        'claviger.outcome': 'partial',
        'error.type': 'secret_missing',
      },
      status: { code: 2, message: 'secret_missing' },
    })
    expect(first?.events).toEqual(
      ['dir:absent', 'dir:lost'].map((reference) => ({
        name: 'secret_failed',
        attributes: { 'claviger.secret.references': [reference], 'error.type': 'secret_missing' },
      })),
    )
    expect(named('read_secret')[1]?.attributes).toMatchObject({
      'claviger.secret.references': ['(computed by a template)'],
    })
  })

  test('in which nothing is asked is none', async () => {
    const template = [{ destination: join(folder.secrets, 'a'), contents: 'plain' }]
    const stores = { dir: { type: 'file', directory: folder.root } }
    const claviger = { stores, traces: { endpoint: collector.address } }
    const agent = folder.start({ template, exit_after_auth: true, claviger })
    expect(await agent.exited).toBe(0)
    expect(collector.requests).toEqual([])
  })
})

describe('variables', () => {
  const run = async (environment: Readonly<Record<string, string>>, traces: object = {}) => {
    const agent = folder.start(configOf(traces), environment)
    expect(await agent.exited).toBe(0)
    expect(collector.faults).toEqual([])
    return agent.lines.join('\n')
  }

  test('go before the configuration, and name service, place and headers', async () => {
    const header = folder.write('headers', 'authorization=Bearer%20from-a-file\nx-scope=one\n')
    const lines = await run(
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.address}/`,
        OTEL_EXPORTER_OTLP_HEADERS: 'x-scope=two,X-Key=k%2C1',
        OTEL_SERVICE_NAME: 'mine',
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=test,k8s.pod.name=other',
        KUBERNETES_SERVICE_HOST: '10.0.0.1',
        NAMESPACE: 'shop',
        POD_NAME: 'shop-1',
      },
      { endpoint: 'http://127.0.0.1:1', headers_path: header },
    )
    expect(collector.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer from-a-file',
      'x-scope': 'two',
      'x-key': 'k,1',
    })
    expect(collector.spans[0]?.resource).toMatchObject({
      'service.name': 'mine',
      'deployment.environment': 'test',
      'k8s.namespace.name': 'shop',
      'k8s.pod.name': 'other',
    })
    expect(lines).not.toMatch(/from-a-file|k,1|k%2C1/)
  })

  test.each([
    ['OTEL_SDK_DISABLED', 'true'],
    ['OTEL_TRACES_EXPORTER', 'none'],
    ['OTEL_TRACES_SAMPLER', 'always_off'],
    ['OTEL_TRACES_EXPORTER', 'zipkin'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
  ])('%s=%s: nothing is sent', async (name, value) => {
    await run({ [name]: value }, { endpoint: collector.address })
    expect(collector.requests).toEqual([])
  })

  test('that are wrong are told of and keep nobody waiting', async () => {
    const lines = await run({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.address,
      OTEL_TRACES_SAMPLER: 'alwayson',
      OTEL_EXPORTER_OTLP_TIMEOUT: '5s',
      OTEL_EXPORTER_OTLP_HEADERS: 'canary-header',
    })
    expect(collector.requests).toHaveLength(1)
    expect(lines).toMatch(/OTEL_TRACES_SAMPLER.*did you mean always_on/)
    expect(lines).toMatch(/OTEL_EXPORTER_OTLP_TIMEOUT.*milliseconds/)
    expect(lines).toContain('OTEL_EXPORTER_OTLP_HEADERS')
    expect(lines).not.toContain('canary-header')
  })
})

test('a wrong endpoint of the configuration is refused', async () => {
  const agent = folder.start(configOf({ endpoint: 'collector:4318' }))
  expect(await agent.exited).toBe(1)
  expect(agent.lines.join('\n')).toMatch(/claviger\.traces\.endpoint: expected an http:\/\//)
})

describe('a collector', () => {
  const warning = /traces are not sent/
  const count = (lines: readonly string[], pattern: RegExp) =>
    lines.filter((line) => pattern.test(line) && line.includes('[WARN]')).length

  test.each([
    ['that fails', 500, 'status 500'],
    ['that wants a credential', 401, 'status 401'],
    ['that rejects spans', 'rejecting', '2 spans rejected'],
    ['that never answers', 'hang', 'no answer within 0.5 s'],
  ] as const)('%s is told of, and the pod starts', async (_, mood, reason) => {
    collector.mood = mood
    const agent = folder.start(configOf({ endpoint: collector.address }))
    expect(await agent.exited).toBe(0)
    expect(folder.files()).toEqual({ app: 'password=pa55' })
    expect(agent.lines.filter((line) => warning.test(line))).toEqual([
      expect.stringContaining(
        `[WARN] traces are not sent address=${collector.address} reason="${reason}"`,
      ),
    ])
  })

  test('that is down is told of once, and when it is back', async () => {
    const { port, address } = collector
    await collector.close()
    const template = [
      {
        destination: join(folder.secrets, 'app'),
        contents: '{{ with secret "secret/data/app" }}{{ .Data.data.password }}{{ end }}',
      },
    ]
    const template_config = { static_secret_render_interval: '1s' }
    const config = configOf(
      { endpoint: address },
      { template, template_config, exit_after_auth: false },
    )
    const agent = folder.start(config)
    await agent.waitFor(warning)
    await agent.waitFor(/DEBUG.*traces are not sent/)
    expect(count(agent.lines, warning)).toBe(1)
    expect(agent.lines.join('\n')).toContain('reason=ECONNREFUSED')
    collector = await startCollector(port)
    await agent.waitFor(/INFO.*traces are sent again/)
    await agent.stop()
    expect(collector.faults).toEqual([])
    expect(count(agent.lines, warning)).toBe(1)
    expect(existsSync(`${statePath()}.traces`)).toBe(false)
  })

  describe('to which there is no way', () => {
    let silent: Server
    const sockets: Socket[] = []
    beforeEach(async () => {
      // Takes a connection and says nothing, not even what begins TLS.
      silent = createServer((socket) => void sockets.push(socket))
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    })
    afterEach(async () => {
      for (const socket of sockets.splice(0)) socket.destroy()
      await new Promise<void>((resolve) => silent.close(() => resolve()))
    })

    test('keeps no step waiting', async () => {
      const place = silent.address()
      const port = typeof place === 'object' ? place?.port : undefined
      const config = configOf(
        { endpoint: `https://127.0.0.1:${port}` },
        { exit_after_auth: false, template_config: { static_secret_render_interval: '1s' } },
      )
      const agent = folder.start(config)
      await agent.waitFor(/file written/)
      for (let read = 0; read < 3; read++) await agent.waitFor(/secret read/, agent.lines.length)
      expect(agent.lines.filter((line) => warning.test(line))).toEqual([])
      await agent.stop()
      expect(agent.lines.filter((line) => warning.test(line))).toHaveLength(1)
    })
  })
})
