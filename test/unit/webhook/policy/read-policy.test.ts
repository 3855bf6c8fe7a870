/** The policy document: what is read, and that every problem is named at once. */
import { describe, expect, test } from '@jest/globals'
import { formatIssue } from '../../../../core/issue.ts'
import { needsLabels, readPolicy } from '../../../../webhook/policy/read-policy.ts'

const problems = (text: string) => {
  const parsed = readPolicy(text)
  return parsed.kind === 'issues' ? parsed.issues.map(formatIssue) : []
}

describe('readPolicy', () => {
  test.each(['', '{}', 'rules: []', 'rules:', '# nothing\n'])('takes %j for no policy', (text) => {
    expect(readPolicy(text)).toEqual({
      kind: 'ok',
      value: { loopback: [], classes: new Map(), rules: [] },
    })
  })

  test('reads everything', () => {
    const parsed = readPolicy(`
mode: warn
loopback: ['http://127.0.0.1:8200']
classes: { gated: audit, free: allow }
rules:
  - name: team-a
    mode: enforce
    message: 'ask #platform'
    namespaces:
      names: [team-*]
      matchLabels: { tier: web }
      matchExpressions:
        - { key: env, operator: NotIn, values: [prod] }
        - { key: pci, operator: DoesNotExist }
    annotations: { allow: [role], deny: ['agent-inject-command-*', 'class:reserved'], lock: [service] }
    roles: { allow: ['{serviceAccount}'] }
    images: { deny: ['docker.io/*'] }
  - { name: rest, paths: { allow: [] } }
`)
    expect(parsed).toEqual({
      kind: 'ok',
      value: {
        loopback: ['http://127.0.0.1:8200'],
        classes: new Map([['gated', 'audit']]),
        rules: [
          {
            name: 'team-a',
            mode: 'enforce',
            message: 'ask #platform',
            namespaces: {
              names: ['team-*'],
              requirements: [
                { key: 'tier', operator: 'In', values: ['web'] },
                { key: 'env', operator: 'NotIn', values: ['prod'] },
                { key: 'pci', operator: 'DoesNotExist', values: [] },
              ],
            },
            annotations: {
              allow: ['role'],
              deny: ['agent-inject-command-*', 'class:reserved'],
              lock: ['service'],
            },
            values: new Map([
              ['roles', { allow: ['{serviceAccount}'], deny: [] }],
              ['images', { allow: undefined, deny: ['docker.io/*'] }],
            ]),
          },
          {
            name: 'rest',
            mode: 'warn',
            message: undefined,
            namespaces: { names: undefined, requirements: [] },
            annotations: { allow: undefined, deny: [], lock: [] },
            values: new Map([['paths', { allow: [], deny: [] }]]),
          },
        ],
      },
    })
    expect(parsed.kind === 'ok' && needsLabels(parsed.value)).toBe(true)
  })

  test('names every problem at once, with its place', () => {
    const text = `
mod: enforce
loopback: ['http://vault:8200', 'http://169.254.169.254', 'http://127.0.0.1']
classes: { gatd: warn, free: deny }
rules:
  - mode: strict
    message: "two\\nlines"
    namespaces: { name: x, matchExpressions: [{ key: a, operator: In }, { operator: Exists, values: [b] }] }
    annotations: { allow: [vault.hashicorp.com/role, rolle], deny: ['class:secret'], lock: role }
    roles: { allow: ['{pod}', 7] }
  - name: twice
    addresses: { allow: ['vault:8200'] }
  - name: twice
  - nothing
`
    expect(problems(text)).toEqual([
      'mod: expected one of the settings mode, loopback, classes, rules (did you mean mode?)',
      'loopback[0]: expected an origin of the loopback address',
      'loopback[1]: expected an origin of the loopback address',
      'classes.gatd: expected one of the settings free, gated, bounded, reserved (did you mean gated?)',
      'classes.free: expected one of allow, audit, warn, enforce',
      'rules[3]: expected a mapping',
      expect.stringMatching(/^rules\[0\]\.name: expected a name/),
      'rules[0].mode: expected one of audit, warn, enforce',
      'rules[0].message: expected one line of at most 200 characters',
      expect.stringMatching(/^rules\[0\]\.namespaces\.name: .*did you mean names\?/),
      'rules[0].namespaces.matchExpressions[0].values: expected at least one value',
      'rules[0].namespaces.matchExpressions[1].key: expected the name of a label',
      'rules[0].namespaces.matchExpressions[1].values: expected no values with Exists',
      expect.stringMatching(/^rules\[0\]\.annotations\.allow\[0\]: .*without prefix/),
      expect.stringMatching(/^rules\[0\]\.annotations\.allow\[1\]/),
      expect.stringMatching(/^rules\[0\]\.annotations\.deny\[0\]/),
      'rules[0].annotations.lock: expected a list',
      expect.stringMatching(/^rules\[0\]\.roles\.allow\[0\]/),
      expect.stringMatching(/^rules\[0\]\.roles\.allow\[1\]/),
      expect.stringMatching(/^rules\[1\]\.addresses\.allow\[0\]/),
      expect.stringMatching(/^rules\[2\]\.annotations: expected at least one of annotations, /),
      'rules[2].name: expected a name that no other rule has',
    ])
  })

  test.each([
    ['[1]', 'policy: expected a mapping'],
    ['rules: {}', 'rules: expected a list'],
    ['a: b: c', 'policy, line 1: expected a YAML document'],
    ['mode: warn\nmode: warn', 'policy, line 2: expected a YAML document'],
    ['rules: [', 'policy, line 1: expected a YAML document'],
    ['a: 1\n---\nb: 2', 'policy: expected one YAML document'],
  ])('refuses %j', (text, message) => {
    expect(problems(text)[0]).toBe(message)
  })
})
