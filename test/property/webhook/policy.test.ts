/** Whatever a policy and a pod hold: no throw, no way around the address guard, and modes that differ in nothing but the mode. */
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { annotationClasses } from '../../../webhook/inject/annotations/annotation.ts'
import { annotations } from '../../../webhook/inject/annotations/annotations.ts'
import { mutate } from '../../../webhook/inject/mutate.ts'
import { guardAddress, readAddress } from '../../../webhook/policy/address.ts'
import { matchGlob } from '../../../webhook/policy/glob.ts'
import { type Mode, modes, subjects } from '../../../webhook/policy/policy.ts'
import { readPolicy } from '../../../webhook/policy/read-policy.ts'
import { createDefaults } from '../../support/webhook-defaults.ts'

const defaults = createDefaults({ address: 'https://vault:8200', image: 'agent:1' })
const listed = { loopback: [] }

/** One part of an IPv4 address in every base that inet_aton takes. */
const spell = (value: number) =>
  fc.constantFrom(
    String(value),
    `0${value.toString(8)}`,
    `0x${value.toString(16)}`,
    `0X${value.toString(16)}`,
  )

/** All spellings of one address: each part in some base, the last ones joined. */
const spelledIp = (parts: readonly number[]) =>
  fc.integer({ min: 1, max: 4 }).chain((count) => {
    const head = parts.slice(0, count - 1)
    const tail = parts.slice(count - 1).reduce((sum, part) => sum * 256 + part, 0)
    return fc.tuple(...[...head, tail].map(spell)).map((texts) => texts.join('.'))
  })

const byte = fc.nat(255)
const dangerous = fc.oneof(
  fc.constant([169, 254, 169, 254]),
  fc.constant([100, 100, 100, 200]),
  fc.tuple(fc.constant(127), byte, byte, byte),
  fc.tuple(fc.constantFrom(169), fc.constant(254), byte, byte),
  fc.tuple(fc.constant(0), byte, byte, byte),
  fc.tuple(fc.integer({ min: 224, max: 255 }), byte, byte, byte),
)
const dressed = fc.record({
  scheme: fc.constantFrom('http', 'https', 'HTTP', 'Https'),
  port: fc.constantFrom('', ':8200', ':80', ':08200'),
  dots: fc.constantFrom('', '.'),
  path: fc.constantFrom('', '/', '/v1'),
})

describe('the address guard', () => {
  test('never throws, and refuses or reads what it is given', () => {
    const pieces = fc.array(
      fc.constantFrom(
        'http://',
        'https://',
        '[',
        ']',
        '::',
        '.',
        '@',
        '%',
        '$(',
        ')',
        'HOST_IP',
        '127',
        '0x7f',
        'a',
        ':',
        '/',
        '?',
        '#',
        '\\',
        '\t',
        'é',
        '。',
      ),
      { maxLength: 8 },
    )
    const any = fc.oneof(
      fc.string(),
      fc.webUrl(),
      pieces.map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(any, (text) => {
        const refused = guardAddress(text, listed)
        if (readAddress(text).kind === 'refused') expect(refused).not.toBe(undefined)
        else expect(URL.canParse(text.replaceAll(/\$\(\w+\)/g, '1'))).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  test('refuses every spelling of an IPv4 address that no store has', () => {
    fc.assert(
      fc.property(dangerous.chain(spelledIp), dressed, (host, { scheme, port, dots, path }) => {
        expect(guardAddress(`${scheme}://${host}${dots}${port}${path}`, listed)).not.toBe(undefined)
      }),
      { numRuns: 2000 },
    )
  })

  test('refuses them as IPv6 too', () => {
    const wrapped = fc
      .tuple(
        dangerous,
        fc.constantFrom('::ffff:', '::', '64:ff9b::', '64:ff9b:1::', '::ffff:0:', '2002:'),
      )
      .map(([[a = 0, b = 0, c = 0, d = 0], head]) => {
        const high = (a * 256 + b).toString(16)
        const low = (c * 256 + d).toString(16)
        return head === '2002:' ? `[2002:${high}:${low}::1]` : `[${head}${high}:${low}]`
      })
    fc.assert(
      fc.property(wrapped, dressed, (host, { scheme, port, path }) => {
        expect(guardAddress(`${scheme}://${host}${port}${path}`, listed)).not.toBe(undefined)
      }),
    )
  })
})

test('a pattern matches what its regular expression matches', () => {
  const part = fc.constantFrom('a', 'b', '/', '*', '**', '.', '\n')
  const text = (parts: readonly string[]) => parts.join('')
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 6 }).map(text),
      fc.array(part, { maxLength: 8 }).map(text),
      (pattern, value) => {
        const source = pattern.replaceAll(/\*+|[\s\S]/g, (token, at: number) => {
          if (!token.startsWith('*')) return token.replace('.', '\\.')
          return token.length > 1 || at + token.length === pattern.length ? '[^]*' : '[^/]*'
        })
        expect(matchGlob(pattern, value, { separator: '/' })).toBe(
          new RegExp(`^${source}$`).test(value),
        )
      },
    ),
    { numRuns: 1000 },
  )
})

const rows = Object.values(annotations)
const key = fc.constantFrom(...rows.map(({ key, form }) => (form === 'family' ? `${key}x` : key)))
const value = fc.constantFrom(
  '',
  'app',
  'admin',
  'true',
  'https://vault:8200',
  'https://evil',
  'secret/data/a',
  'secret/b',
  '1',
  'agent:1',
  '/x',
)
const keyPatterns = fc.array(
  fc.oneof(
    key,
    fc.constantFrom('*', 'agent-*', 'auth-*', ...annotationClasses.map((name) => `class:${name}`)),
  ),
  { maxLength: 3 },
)
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const valueList = fc.array(
  fc.constantFrom('*', 'app', 'secret/data/*', 'https://vault:8200', '{namespace}'),
  { maxLength: 2 },
)
const ruleBody = fc.record({
  namespaces: optional(
    fc.record({ names: fc.array(fc.constantFrom('a', 'b', '*'), { maxLength: 2 }) }),
  ),
  annotations: optional(
    fc.record({
      allow: optional(keyPatterns),
      deny: optional(keyPatterns),
      lock: optional(keyPatterns),
    }),
  ),
  ...Object.fromEntries(
    subjects.map((subject) => [
      subject,
      optional(fc.record({ allow: optional(valueList), deny: optional(valueList) })),
    ]),
  ),
})
const document = fc.record({
  classes: fc.dictionary(fc.constantFrom(...annotationClasses), fc.constant('MODE'), {
    maxKeys: 2,
  }),
  rules: fc.array(ruleBody, { maxLength: 4 }),
})

function write(
  { classes, rules }: { readonly classes: object; readonly rules: readonly object[] },
  mode: Mode,
): string {
  const named = rules.map((rule, index) => ({ roles: {}, ...rule, name: `r${index}` }))
  return JSON.stringify({ mode, classes, rules: named }).replaceAll('"MODE"', JSON.stringify(mode))
}

const annotated = fc
  .array(fc.tuple(key, value), { maxLength: 6 })
  .map((entries) =>
    Object.fromEntries(
      [['agent-inject', 'true'], ['role', 'app'], ...entries].map(([name, text]) => [
        `claviger.dev/${name}`,
        text,
      ]),
    ),
  )
const namespace = fc.record({
  name: fc.constantFrom('a', 'b', '', '../x'),
  labels: fc.constant(new Map<string, string>()),
  annotations: fc
    .array(fc.tuple(fc.oneof(key, fc.string()), value), { maxLength: 3 })
    .map(
      (entries) => new Map(entries.map(([name, text]) => [`claviger.dev/default-${name}`, text])),
    ),
})

describe('a policy', () => {
  test('of any JSON is read or refused', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc
            .record({
              rules: fc.array(
                fc.dictionary(
                  fc.constantFrom('name', 'annotations', 'roles', 'namespaces'),
                  fc.jsonValue(),
                ),
              ),
            })
            .map((value) => JSON.stringify(value)),
        ),
        (text) => {
          expect(['ok', 'issues']).toContain(readPolicy(text).kind)
        },
      ),
    )
  })

  test('finds the same in every mode, and only when it is enforced denies', () => {
    let found = 0
    fc.assert(
      fc.property(document, annotated, namespace, (policy, all, place) => {
        const pod = { metadata: { annotations: all }, spec: { containers: [{ name: 'app' }] } }
        const free = mutate(pod, place, defaults)
        if (free.kind === 'skipped') return
        const outcomes = modes.map((mode) => {
          const parsed = readPolicy(write(policy, mode))
          if (parsed.kind === 'issues') return fc.pre(false)
          const outcome = mutate(pod, place, { ...defaults, policy: parsed.value })
          if (outcome.kind === 'skipped') throw new Error('skipped')
          const findings = outcome.policy ?? []
          expect(findings.every((finding) => finding.mode === mode)).toBe(true)
          found += findings.length
          const denies = mode === 'enforce' && findings.length > 0
          expect(outcome.kind).toBe(denies ? 'denied' : free.kind)
          const warnings = outcome.warnings.filter((warning) => warning.startsWith('policy: '))
          expect(warnings).toHaveLength(mode === 'warn' ? findings.length : 0)
          return findings.map(({ rule, subject }) => ({ rule, subject }))
        })
        expect(new Set(outcomes.map((findings) => JSON.stringify(findings))).size).toBe(1)
      }),
      { numRuns: 300 },
    )
    expect(found).toBeGreaterThan(100)
  })
})
