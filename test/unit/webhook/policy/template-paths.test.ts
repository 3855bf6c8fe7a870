/** Which secrets a template asks for, and what a policy of paths makes of it. */
import { describe, expect, test } from '@jest/globals'
import { nameNamespace } from '../../../../webhook/inject/namespace.ts'
import { findPaths } from '../../../../webhook/policy/template-paths.ts'
import { inject, rule, told } from './inject-under.ts'

const braces = { left: '{{', right: '}}' }

describe('findPaths', () => {
  test.each([
    ['plain text', [], false],
    ['{{ with secret "secret/data/a" }}{{ .Data.data.x }}{{ end }}', ['secret/data/a'], false],
    [
      '{{ secret `a/b` "k=v" }}{{ pkiCert "pki/issue/x" "common_name=y" }}',
      ['a/b', 'pki/issue/x'],
      false,
    ],
    [
      '{{ range secrets "list" }}{{ with secret "in/list" }}{{ end }}{{ end }}',
      ['in/list', 'list'],
      false,
    ],
    [
      '{{ (secret "a").Data.x }}{{ if (secret "b") }}{{ else }}{{ secret "c" }}{{ end }}',
      ['a', 'b', 'c'],
      false,
    ],
    [
      '{{ define "t" }}{{ secret "inner" }}{{ end }}{{ template "t" (secret "arg") }}',
      ['arg', 'inner'],
      false,
    ],
    ['{{ $x := secret "a" }}{{ printf "%v" (secret "b" | toJSON) }}', ['a', 'b'], false],
    ['{{ "piped" | secret }}', ['piped'], false],
    ['{{ "k=v" | secret "a" }}', ['a'], false],
    ['{{ secret "é" }}', ['é'], false],
    ['{{ secret (printf "a/%s" .x) }}{{ secret "b" }}', ['b'], true],
    ['{{ $p := "a" }}{{ secret $p }}', [], true],
    ['{{ printf "a" "b" | secret }}', [], true],
    ['{{ secret }}', [], true],
    ['{{ nonsense', [], true],
    ['{{/* secret "a" */}}{{ "secret" }}', [], false],
  ])('%s', (text, paths, unclear) => {
    const asked = findPaths(text, braces)
    expect([...asked.paths].sort()).toEqual([...paths].sort())
    expect(asked.unclear).toBe(unclear)
  })

  test('knows other delimiters', () => {
    expect(
      findPaths('<< secret "a" >>{{ secret "b" }}', { left: '<<', right: '>>' }).paths,
    ).toEqual(['a'])
  })
})

describe('a policy of paths', () => {
  const policy = rule("paths: { allow: ['secret/data/{namespace}/*'] }")
  const template = (text: string) => told(inject(policy, { 'agent-inject-template-db': text }))
  const denied = (expected: string) => [
    `agent-inject-template-db: expected ${expected} (policy rule r)`,
  ]

  test.each([
    ['{{ secret "secret/data/team-a/x" }}', []],
    ['{{ secret "secret/data/team-b/x" }}', denied('"secret/data/{namespace}/*"')],
    ['{{ secret (env "X") }}', denied('paths that are written out')],
  ])('looks into %s', (text, expected) => {
    expect(template(text)).toEqual(expected)
  })

  test('cannot look into another language', () => {
    const engine = { 'agent-template-engine': 'handlebars', 'agent-inject-template-db': 'x' }
    expect(told(inject(policy, engine))).toEqual(denied('paths that are written out'))
  })

  test('is not led astray by a path that is a template', () => {
    const path = 'secret/data/team-a/x" }}{{ end }}{{ with secret "secret/data/team-b/x'
    const place = {
      ...nameNamespace('team-a'),
      labels: new Map([['claviger.dev/profile', 'vault-k8s']]),
    }
    const stock = inject(policy, { 'agent-inject-secret-db': path }, place)
    expect(told(stock)).toContain(
      'agent-inject-secret-db: expected "secret/data/{namespace}/*" (policy rule r)',
    )
    expect(told(inject(policy))).toEqual([])
  })
})
