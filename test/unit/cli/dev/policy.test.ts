import { describe, expect, test } from '@jest/globals'
import { Refusal } from '../../../../cli/dev/exchange.ts'
import { isAllowed, reachesMount } from '../../../../cli/dev/policy.ts'
import { parsePolicy, type Rule } from '../../../../cli/dev/policy-text.ts'

/** `read:a/b` → a rule; several capabilities with commas. */
const rules = (...lines: readonly string[]): readonly Rule[] => {
  const path = lines.map((line) => {
    const [capabilities = '', pattern = ''] = line.split(':')
    return [pattern, { capabilities: capabilities.split(',') }] as const
  })
  return path.flatMap((entry) => parsePolicy(JSON.stringify({ path: Object.fromEntries([entry]) })))
}

describe('isAllowed', () => {
  test.each([
    ['an exact path', ['read:a/b'], 'a/b', true],
    ['a path below an exact one', ['read:a/b'], 'a/b/c', false],
    ['a leading slash in the rule', ['read:/a/b'], 'a/b', true],
    ['a prefix', ['read:a/*'], 'a/b/c', true],
    ['a prefix within a segment', ['read:a/b*'], 'a/bc/d', true],
    ['the folder of a prefix', ['read:a/*'], 'a', false],
    ['one segment', ['read:a/+/c'], 'a/b/c', true],
    ['two segments for one', ['read:a/+/c'], 'a/b/b/c', false],
    ['a segment and a prefix', ['read:a/+/c*'], 'a/b/cd/e', true],
    ['a plus within a segment', ['read:a/b+'], 'a/bb', false],
    ['everything', ['read:*'], 'a/b', true],
    ['no rule', [], 'a', false],
    ['another capability', ['list,create:a'], 'a', false],
  ])('%s', (_, lines, path, expected) => {
    expect(isAllowed(rules(...lines), path, 'read')).toBe(expected)
  })

  test.each([
    ['exact before prefix', ['read:a/b', 'deny:a/*'], true],
    ['exact before segment', ['deny:a/b', 'read:a/+'], false],
    ['longer prefix before shorter', ['read:a/b*', 'deny:a/*'], true],
    ['later wildcard before earlier', ['deny:a/b*', 'read:+/b'], false],
    ['segment before prefix at the same place', ['read:a/+', 'deny:a/*'], true],
    ['fewer segments before more', ['read:+/b', 'deny:+/+'], true],
    ['equal patterns united', ['list:a/b', 'read:a/b'], true],
    ['deny before all of the same pattern', ['read:a/b', 'deny:a/b'], false],
  ])('%s', (_, lines, expected) => {
    expect(isAllowed(rules(...lines), 'a/b', 'read')).toBe(expected)
    expect(isAllowed(rules(...lines.toReversed()), 'a/b', 'read')).toBe(expected)
  })

  // Facts from Vault 1.21.2, asked by `GET secret/metadata/a?list=true`.
  test.each([
    [['list:m/+'], true],
    [['list:m/+/'], true],
    [['list:m/a'], true],
    [['list:m/a/'], true],
    [['list:m/a*'], true],
    [['list:m/+/*'], true],
    [['deny:m/a', 'list:m/a/*'], false],
    [['list:m/a', 'deny:m/a/*'], true],
    [['list:m/+', 'deny:m/a/*'], true],
  ])('%j for a list with its trailing slash', (lines, expected) => {
    expect(isAllowed(rules(...lines), 'm/a/', 'list')).toBe(expected)
  })
})

describe('reachesMount', () => {
  test.each([
    [['read:m/data/x'], true],
    [['read:m/*'], true],
    [['read:*'], true],
    [['read:+/data/x'], true],
    [['deny:m/data/x'], false],
    [['read:m'], false],
    [['read:mm/data/x'], false],
    [[], false],
  ])('%j', (lines, expected) => {
    expect(reachesMount(rules(...lines), 'm/')).toBe(expected)
  })
})

describe('parsePolicy', () => {
  test.each([
    ['HCL that is none', 'path "a" { capabilities = ["read" }', 'line 1: expected'],
    ['JSON that is none', '{"path":', 'expected a JSON object'],
    ['another member', '{"path":{},"name":"x"}', 'expected path "PATH"'],
    ['no paths', '{"path":["a"]}', 'expected path "PATH"'],
    ['an unknown block', 'paths "a" { capabilities = ["read"] }', 'expected path "PATH"'],
    ['an unknown capability', '{"path":{"a":{"capabilities":["raed"]}}}', 'capability "raed"'],
    ['no capabilities', '{"path":{"a":{}}}', 'expected "capabilities"'],
    [
      'constraints that are not understood',
      '{"path":{"a":{"capabilities":["read"],"allowed_parameters":{}}}}',
      'and nothing else',
    ],
    ['a prefix after a segment wildcard', '{"path":{"a/+*":{"capabilities":[]}}}', 'forbidden'],
  ])('refuses %s with 400', (_, text, reason) => {
    let refusal: unknown
    try {
      parsePolicy(text)
    } catch (thrown) {
      refusal = thrown
    }
    expect(refusal).toBeInstanceOf(Refusal)
    const answer = refusal instanceof Refusal ? refusal.answer : undefined
    expect(answer?.status).toBe(400)
    expect(answer?.body?.get('errors')).toEqual([expect.stringContaining(reason)])
  })

  test('reads blocks of HCL, comments between them', () => {
    const text = `# for the app
path "a/*" { capabilities = ["read", "list"] }
path "/b" {
  capabilities = ["create"] // once
}`
    expect(parsePolicy(text)).toEqual([
      { path: 'a/*', capabilities: ['read', 'list'] },
      { path: 'b', capabilities: ['create'] },
    ])
  })

  test('keeps any path apart, also the names of object members', () => {
    const text =
      '{"path":{"__proto__":{"capabilities":["read"]},"constructor":{"capabilities":["list"]}}}'
    expect(parsePolicy(text)).toEqual([
      { path: '__proto__', capabilities: ['read'] },
      { path: 'constructor', capabilities: ['list'] },
    ])
  })
})
