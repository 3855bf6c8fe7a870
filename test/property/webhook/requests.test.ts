/** Whatever arrives at /mutate: an answer with a status, never an exception, and a verdict only for what is a review. */
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { profiles } from '../../../webhook/inject/profiles.ts'
import { admit, bodyLimit } from '../../../webhook/review/admission.ts'
import { jsonLimits } from '../../../webhook/review/body-parser.ts'
import { type Dialect, stockDialect, strictDialect } from '../../../webhook/review/dialect.ts'
import { scanJson } from '../../../webhook/review/json-scanner.ts'
import { createDefaults } from '../../support/webhook-defaults.ts'

const defaults = createDefaults({ address: 'https://vault:8200', image: 'agent:1' })
const stockProfile = profiles.get('vault-k8s') ?? defaults.profile
const dialects: readonly (readonly [string, Dialect, typeof defaults])[] = [
  ['claviger', strictDialect, defaults],
  ['vault-k8s', stockDialect, { ...defaults, profile: stockProfile }],
]

const naughty = fc.constantFrom(
  '',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'true',
  '-0',
  '1e309',
  '\u0000',
  '\ufeff',
  '\u202e',
  '\ud800',
  "'; DROP TABLE pods; --",
  '$' + '{jndi:ldap://x}',
  '{{ 7*7 }}',
  '../../../../etc/passwd',
  'x'.repeat(5000),
  '\r\nSet-Cookie: a=b',
)
const odd = fc.oneof(
  naughty,
  fc.jsonValue(),
  fc.constantFrom(null, true, 0, -1, 1.5, 2 ** 53, [], {}, [[]], { a: null }),
)
const maybe = <T>(usual: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 4, arbitrary: usual }, { weight: 1, arbitrary: odd })

const annotations = fc.dictionary(
  fc.oneof(
    fc.constantFrom(
      'vault.hashicorp.com/agent-inject',
      'vault.hashicorp.com/role',
      'claviger.dev/service',
    ),
    naughty.map((name) => `vault.hashicorp.com/agent-inject-secret-${name}`),
    naughty,
  ),
  maybe(fc.oneof(naughty, fc.constant('true'))),
)
const object = fc.record(
  {
    metadata: maybe(
      fc.record(
        { name: maybe(naughty), annotations: maybe(annotations), ownerReferences: odd },
        { requiredKeys: [] },
      ),
    ),
    spec: maybe(
      fc.record(
        { containers: maybe(fc.array(odd, { maxLength: 3 })), volumes: odd, initContainers: odd },
        { requiredKeys: [] },
      ),
    ),
    status: odd,
  },
  { requiredKeys: [] },
)
const request = fc.record(
  {
    uid: maybe(naughty),
    kind: maybe(fc.constant({ group: '', version: 'v1', kind: 'Pod' })),
    subResource: maybe(fc.constant('')),
    operation: maybe(fc.constantFrom('CREATE', 'UPDATE', 'DELETE', 'CONNECT')),
    namespace: maybe(naughty),
    userInfo: maybe(fc.record({ username: maybe(naughty), groups: odd }, { requiredKeys: [] })),
    object: maybe(object),
    oldObject: odd,
    dryRun: odd,
  },
  { requiredKeys: [] },
)
const review = fc.record(
  {
    apiVersion: maybe(fc.constantFrom('admission.k8s.io/v1', 'admission.k8s.io/v1beta1', 'a/b/c')),
    kind: maybe(fc.constant('AdmissionReview')),
    request: maybe(request),
    response: odd,
  },
  { requiredKeys: [] },
)
const usual = Buffer.from(
  JSON.stringify({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: 'u',
      namespace: 'shop',
      operation: 'CREATE',
      object: {
        metadata: {
          annotations: {
            'vault.hashicorp.com/agent-inject': 'true',
            'vault.hashicorp.com/role': 'a',
          },
        },
        spec: { containers: [{ name: 'a', ports: [{ containerPort: 80 }] }] },
      },
    },
  }),
)
/** The usual review with some of its bytes cut, changed, doubled or moved. */
const broken = fc
  .array(fc.tuple(fc.nat(usual.length), fc.nat(usual.length), fc.uint8Array({ maxLength: 4 })), {
    minLength: 1,
    maxLength: 4,
  })
  .map((edits) =>
    edits.reduce((bytes, [from, to, put]) => {
      const [start, end] = from < to ? [from, to] : [to, to]
      return Buffer.concat([
        bytes.subarray(0, start),
        put,
        bytes.subarray(Math.min(end, start + 3)),
      ])
    }, usual),
  )

describe.each(dialects)('profile %s', (_, dialect, given) => {
  const judge = (bytes: Buffer) => {
    const { status, headers, body, event } = admit(bytes, { dialect, defaults: given })
    expect([200, 400, 500]).toContain(status)
    expect(status === 500 && dialect === strictDialect).toBe(false)
    expect(headers['Content-Type']).toBeDefined()
    expect(event.kind).toBe(status === 200 ? 'answered' : 'refused')
    if (event.kind === 'answered') {
      const { response } = JSON.parse(body.toString())
      expect(response.uid).toBe(event.review.uid)
      expect(typeof response.allowed).toBe('boolean')
      expect('patch' in response).toBe('patchType' in response)
    }
  }

  test('any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => judge(Buffer.from(bytes))),
      {
        numRuns: 3000,
      },
    )
  })

  test('any JSON', () => {
    fc.assert(
      fc.property(fc.json(), (text) => judge(Buffer.from(text))),
      { numRuns: 2000 },
    )
  })

  test('reviews with anything in any place', () => {
    fc.assert(
      fc.property(review, (value) => judge(Buffer.from(JSON.stringify(value)))),
      { numRuns: 5000 },
    )
  })

  test('a review with broken bytes', () => {
    fc.assert(fc.property(broken, judge), { numRuns: 5000 })
  })
})

test('the scanner and the parser agree on every text', () => {
  const agree = (text: string) => {
    const isJson =
      scanJson(Buffer.from(text), { depth: 2000, tokens: 1e9, stringBytes: 1e9 }).kind === 'json'
    let parses = true
    try {
      JSON.parse(text)
    } catch {
      parses = false
    }
    expect(isJson).toBe(parses)
  }
  const texts = fc.oneof(
    fc.json(),
    fc.string(),
    fc.string({ unit: fc.constantFrom(...'{}[]",:0-1.eE+ tfrn\\u"\n') }),
    broken.map((bytes) => bytes.toString('utf8')),
  )
  fc.assert(fc.property(texts, agree), { numRuns: 10_000 })
})

test('no text of the size of a body costs more than one look at each byte', () => {
  const units = fc.constantFrom('[', '{"a":', '[],', '{},', '"\\u0000', '"a":1,', ' ', '\\', '-')
  fc.assert(
    fc.property(fc.tuple(units, units), ([first, second]) => {
      const text = (first + second).repeat(Math.floor(bodyLimit / (first.length + second.length)))
      expect(scanJson(Buffer.from(text), jsonLimits).kind).not.toBe('json')
    }),
    { numRuns: 30 },
  )
})
