import { describe, expect, test } from '@jest/globals'
import { readTraces } from '../../../../core/tracing/trace-settings.ts'

type Environment = Readonly<Record<string, string>>

const own = { service: 'claviger-agent', resource: new Map<string, string>() }
const read = (environment: Environment, given: object = {}) =>
  readTraces({ ...own, ...given }, environment)
const at = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' }
const settingsOf = (environment: Environment, given?: object) => {
  const { settings, warnings } = read(environment, given)
  expect(warnings).toEqual([])
  return settings
}

test.each<[string | undefined, Environment, string | undefined]>([
  [undefined, {}, undefined],
  [undefined, { OTEL_SERVICE_NAME: 'x', OTEL_TRACES_SAMPLER: 'nonsense' }, undefined],
  ['http://own/v1/traces', {}, 'http://own'],
  ['http://c:4318/v1/traces', at, 'http://own'],
  ['https://c/otlp/v1/traces', { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://c/otlp/' }, undefined],
  ['http://t/x', { ...at, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://t/x' }, undefined],
  ['http://t/', { ...at, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://t' }, undefined],
  ['http://localhost:4318/v1/traces', { OTEL_TRACES_EXPORTER: 'otlp' }, undefined],
  [
    'http://own/v1/traces',
    { OTEL_EXPORTER_OTLP_ENDPOINT: '', OTEL_SDK_DISABLED: '' },
    'http://own',
  ],
  [undefined, { ...at, OTEL_SDK_DISABLED: 'TRUE' }, undefined],
  [undefined, { ...at, OTEL_TRACES_EXPORTER: 'none' }, undefined],
])('sends to %s with %j', (url, environment, endpoint) => {
  expect(settingsOf(environment, { endpoint })?.url).toBe(url)
})

test('has defaults', () => {
  expect(settingsOf(at)).toEqual({
    url: 'http://c:4318/v1/traces',
    headers: new Map(),
    headersPath: undefined,
    timeoutMs: 10_000,
    caPath: undefined,
    certPath: undefined,
    keyPath: undefined,
    resource: new Map([['service.name', 'claviger-agent']]),
    sampler: { name: 'parentbased_always_on', ratio: 1 },
  })
})

test('takes the variable of traces before the one of all signals', () => {
  const settings = settingsOf({
    ...at,
    OTEL_EXPORTER_OTLP_TIMEOUT: '1000',
    OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '2000',
    OTEL_EXPORTER_OTLP_CERTIFICATE: '/ca',
    OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE: '/ca-of-traces',
    OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: '/cert',
    OTEL_EXPORTER_OTLP_CLIENT_KEY: '/key',
    OTEL_EXPORTER_OTLP_HEADERS: 'a=1, b=2%20x',
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'B=3',
    OTEL_TRACES_SAMPLER: 'traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0.25',
  })
  expect(settings).toMatchObject({
    timeoutMs: 2000,
    caPath: '/ca-of-traces',
    certPath: '/cert',
    keyPath: '/key',
    sampler: { name: 'traceidratio', ratio: 0.25 },
  })
  const headers = Array.from(settings?.headers ?? [], ([name, value]) => [name, value.reveal()])
  expect(headers).toEqual([
    ['a', '1'],
    ['b', '3'],
  ])
  expect(JSON.stringify([...(settings?.headers ?? [])])).not.toContain('3')
})

describe('what is wrong is passed over, and told without its value', () => {
  test.each<[string, string, boolean]>([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'canary:4318', false],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://user:canary@c', false],
    ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'ftp://canary', false],
    ['OTEL_TRACES_EXPORTER', 'canary', false],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc', false],
    ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'canary', false],
    ['OTEL_EXPORTER_OTLP_TIMEOUT', 'canary', true],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'canary', true],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'x=%zzcanary', true],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'x=canary%0Ay: z', true],
    ['OTEL_EXPORTER_OTLP_TRACES_HEADERS', '=canary', true],
    ['OTEL_RESOURCE_ATTRIBUTES', 'canary', true],
    ['OTEL_TRACES_SAMPLER', 'canary', true],
  ])('%s=%s', (name, value, isTraced) => {
    const { settings, warnings } = read({ ...at, [name]: value })
    expect(settings !== undefined).toBe(isTraced)
    expect(warnings.map(({ path }) => path)).toEqual([name])
    expect(JSON.stringify([warnings, settings?.resource])).not.toContain('canary')
  })

  test.each(['-1', '1.5', 'half', '0x1'])('OTEL_TRACES_SAMPLER_ARG=%s', (ratio) => {
    const { settings, warnings } = read({
      ...at,
      OTEL_TRACES_SAMPLER: 'traceidratio',
      OTEL_TRACES_SAMPLER_ARG: ratio,
    })
    expect(settings?.sampler.ratio).toBe(1)
    expect(warnings).toHaveLength(1)
  })
})
