/** Where agents send spans: what pods, namespaces and operators say, and what is refused. */
import { describe, expect, test } from '@jest/globals'
import { nameNamespace } from '../../../../webhook/inject/namespace.ts'
import { inject, ours, oursInStockProfile, refused, stock } from '../../../support/own-agent.ts'
import { inject as injectUnder, rule, told } from '../policy/inject-under.ts'

const key = 'agent-traces-endpoint'
const collector = 'http://collector.tracing.svc:4318'
const byOperator = (address: string) => ({ ...ours, annotations: new Map([[key, address]]) })

/** What each of the agent's containers is told. */
function endpoints(...given: Parameters<typeof inject>): readonly string[] {
  const text = JSON.stringify(inject(...given).patch)
  const pattern = /"name":"OTEL_EXPORTER_OTLP_ENDPOINT","value":"([^"]*)"/g
  return Array.from(text.matchAll(pattern), ([, value = '']) => value)
}

test.each<[string, Parameters<typeof inject>, string | undefined]>([
  ['nobody', [{}], undefined],
  ['a pod', [{ [key]: collector }], collector],
  ['the operator', [{}, {}, byOperator(collector)], collector],
  ['a pod before the operator', [{ [key]: 'http://c' }, {}, byOperator(collector)], 'http://c'],
  ['a pod that wants none', [{ [key]: '' }, {}, byOperator(collector)], undefined],
  ['a node', [{ [key]: 'http://$(HOST_IP):4318' }], 'http://$(HOST_IP):4318'],
])('%s says where', (_, given, expected) => {
  expect(endpoints(...given)).toEqual(expected === undefined ? [] : [expected, expected])
})

test('the address of the node comes before what names it', () => {
  const text = JSON.stringify(inject({ [key]: 'http://$(HOST_IP):4318' }).patch)
  expect(text.indexOf('"HOST_IP"')).toBeLessThan(text.indexOf('"OTEL_EXPORTER_OTLP_ENDPOINT"'))
})

test('a stock agent is told nothing, and the author of the pod that it is', () => {
  expect(endpoints({ [key]: collector }, {}, stock)).toEqual([])
  expect(inject({ [key]: collector }, {}, stock).warnings.join()).toContain(key)
  expect(endpoints({}, {}, { ...byOperator(collector), flavour: 'vault' })).toEqual([])
})

test('profile vault-k8s does not know it', () => {
  const operator = { ...oursInStockProfile, annotations: new Map() }
  expect(endpoints({ [key]: collector }, {}, operator)).toEqual([])
})

test.each(['collector:4318', 'ftp://c', 'http://user:pw@c', 'http://c?x=1', 'http://'])(
  'is refused: %s',
  (address) => {
    expect(refused({ [key]: address })).toEqual([key])
  },
)

describe('a namespace', () => {
  const given = (address: string) => ({
    ...nameNamespace('team-a'),
    annotations: new Map([[`claviger.dev/default-${key}`, address]]),
  })

  test('says where for its pods', () => {
    const outcome = injectUnder('', {}, given(collector))
    expect(JSON.stringify(outcome)).toContain(collector)
  })

  test('is bounded like a pod', () => {
    const listed = rule("addresses: { allow: ['https://vault.example.com'] }")
    expect(told(injectUnder(listed, {}, given(collector))).join()).toContain(key)
    expect(told(injectUnder('', {}, given('http://169.254.169.254'))).join()).toContain(key)
  })
})

describe('the address guard', () => {
  test.each(['http://169.254.169.254', 'http://metadata.google.internal', 'http://127.0.0.1:4318'])(
    'refuses %s',
    (address) => {
      expect(refused({ [key]: address })).toEqual([key])
    },
  )

  test('takes loopback from the operator', () => {
    const local = 'http://127.0.0.1:4318'
    expect(endpoints({}, {}, byOperator(local))).toHaveLength(2)
    expect(endpoints({ [key]: local }, {}, byOperator(local))).toHaveLength(2)
  })
})

describe('a policy', () => {
  const listed = rule(
    "addresses: { allow: ['https://vault.example.com', 'http://c.example:4318'] }",
  )
  const judge = (policy: string, annotations: Readonly<Record<string, string>>, more = {}) =>
    told(injectUnder(policy, annotations, nameNamespace('team-a'), more))

  test('bounds it like every address', () => {
    expect(judge(listed, { [key]: 'http://c.example:4318' })).toEqual([])
    expect(judge(listed, { [key]: collector })).toEqual([
      expect.stringMatching(new RegExp(`^${key}: expected .*policy rule r`)),
    ])
  })

  test('leaves the operator’s own alone', () => {
    const annotations = new Map([[key, collector]])
    expect(judge(listed, {}, { annotations })).toEqual([])
  })

  test('takes it away with what is gated, and locks it', () => {
    expect(judge('classes: { gated: enforce }', { [key]: collector }).join()).toContain(key)
    const lock = rule(`annotations: { lock: [${key}] }`)
    const annotations = new Map([[key, collector]])
    expect(judge(lock, { [key]: 'http://c' }, { annotations })).toHaveLength(1)
    expect(judge(lock, { [key]: collector }, { annotations })).toEqual([])
  })
})
