import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { podKinds } from '../../../cli/manifests/pod-kinds.ts'
import { rules } from '../../../cli/rules.ts'
import { validateManifests } from '../../../cli/validate.ts'
import { profiles } from '../../../webhook/inject/profiles.ts'
import { createDefaults } from '../../support/webhook-defaults.ts'

const defaults = createDefaults({ address: 'https://vault:8200', image: 'agent:1' })
const options = { defaults, kinds: podKinds, namespace: 'default' }

function validate(...texts: readonly string[]) {
  const sources = texts.map((text, index) => ({ path: `${index}.yaml`, text }))
  return validateManifests(sources, options)
}

const brief = (text: string) =>
  validate(text).map(({ line, column, severity, code, path }) => [
    line,
    column,
    severity,
    code,
    path,
  ])

/** A Deployment from the annotations of its template, each indented as it has to be. */
const deployment = (annotations: string) => `kind: Deployment
metadata:
  name: web
spec:
  template:
    metadata:
      annotations:
        claviger.dev/agent-inject: 'true'
        claviger.dev/role: app
        claviger.dev/agent-inject-secret-a: secret/data/a
${annotations}
    spec:
      containers:
        - name: app
`

const key = 'claviger.dev/agent-inject-template-a'

describe('validateManifests', () => {
  test('has nothing to say of what is right', () => {
    expect(validate(deployment(''), 'kind: Service\n', '', '# only\n')).toEqual([])
  })

  test('finds each annotation in its line', () => {
    const text = deployment(`        claviger.dev/agent-limits-cpu: "a lot"
        claviger.dev/agent-inject-perms-a: rw
        claviger.dev/agent-run-as-usr: "1"`)
    expect(brief(text)).toEqual([
      [11, 9, 'error', 'annotation_value', 'claviger.dev/agent-limits-cpu'],
      [12, 9, 'error', 'annotation_value', 'claviger.dev/agent-inject-perms-a'],
      [13, 9, 'warning', 'admission_warning', 'claviger.dev/agent-run-as-usr'],
    ])
  })

  test('finds what is missing where injection is asked for', () => {
    const text = deployment('').replace('        claviger.dev/role: app\n', '')
    expect(brief(text)).toEqual([[8, 9, 'error', 'annotation_missing', 'claviger.dev/role']])
  })

  test('finds fields of the pod in their lines', () => {
    const text = `${deployment('')}          volumeMounts: nothing\n`
    expect(brief(text)).toEqual([[15, 11, 'error', 'pod', 'spec.containers[0].volumeMounts']])
  })

  test.each([
    [
      'a block',
      `        ${key}: |\n          {{ with }}x{{ end }}\n          {{ nosuch }}`,
      12,
      19,
    ],
    [
      'a later line of a block',
      `        ${key}: |\n          a\n\n            {{ nosuch }}`,
      14,
      16,
    ],
    ['a folded block', `        ${key}: >\n          {{ nosuch }}`, 12, 14],
    ['a line', `        ${key}: "{{ nosuch }}"`, 11, 9],
    [
      'own delimiters',
      `        ${key}: "[[ nosuch ]]"\n        claviger.dev/agent-template-left-delim-a: "[["\n        claviger.dev/agent-template-right-delim-a: "]]"`,
      11,
      9,
    ],
  ])('finds a template that does not parse: %s', (_, annotations, line, column) => {
    const found = brief(deployment(annotations))
    expect(found).toEqual([[line, column, 'error', 'template', key]])
  })

  test('says why a template does not parse, and quotes nothing of it', () => {
    const hints = [
      '{{ nosuch }}',
      '{{ "hunter2 }}',
      '{{ .a "hunter2" hunter',
      '{{ if }}',
      '{{ `hunter2` hunter }} {{',
    ].map((text) => {
      const [finding] = validate(deployment(`        ${key}: '${text}'`))
      return finding?.hint ?? ''
    })
    expect(hints[0]).toBe('line 1, column 4: function "nosuch" not defined')
    expect(hints[1]).toBe('line 1, column 4: unterminated quoted string')
    expect(hints[3]).toBe('line 1, column 7: missing value for if')
    for (const hint of hints.slice(1)) expect(hint).not.toContain('hunter2')
  })

  test('finds annotations on the workload instead of its template', () => {
    const text = deployment('').replace(
      'name: web',
      'name: web\n  annotations:\n    vault.hashicorp.com/role: app',
    )
    expect(brief(text)).toEqual([
      [5, 5, 'warning', 'annotation_misplaced', 'vault.hashicorp.com/role'],
    ])
  })

  test.each([
    ["claviger.dev/agent-injekt: 'true'", 'did you mean claviger.dev/agent-inject?'],
    ['other.dev/agent-inject: "true"', 'has no effect without claviger.dev/agent-inject: "true"'],
  ])('finds annotations of a pod that does not ask: %s', (line, message) => {
    const text = deployment('').replace("claviger.dev/agent-inject: 'true'", line)
    expect(validate(text)).toMatchObject([
      {
        severity: 'warning',
        code: 'injection_not_requested',
        message: expect.stringContaining(message),
      },
    ])
  })

  test('finds annotations that the profile does not read', () => {
    const stock = profiles.get('vault-k8s') ?? defaults.profile
    const source = { path: 'm.yaml', text: deployment('') }
    const given = { ...options, defaults: { ...defaults, profile: stock } }
    expect(validateManifests([source], given)).toMatchObject([
      { line: 8, message: 'claviger.dev/agent-inject has no effect in profile vault-k8s' },
    ])
  })

  test('says nothing of a pod that refuses injection', () => {
    expect(validate(deployment('').replace("'true'", "'false'"))).toEqual([])
  })

  test('finds where a document stops being YAML, and goes on', () => {
    const found = validate(
      `a: 1\n---\nb: [\n  c: {{ hunter2 }}\nd: 1\n---\n${deployment('').replace('role: app', 'role: ""')}`,
    )
    expect(found.map(({ line, code }) => [line, code])).toEqual([
      [5, 'manifest'],
      [15, 'annotation_value'],
    ])
    expect(JSON.stringify(found)).not.toContain('hunter2')
  })

  test('keeps the order of the files', () => {
    const wrong = deployment('').replace('role: app', 'role: ""')
    expect(
      validate(`# one line more\n${wrong}`, wrong).map(({ file, line }) => [file, line]),
    ).toEqual([
      ['0.yaml', 10],
      ['1.yaml', 9],
    ])
  })

  test('gives positions in JSON, too', () => {
    const text = `{
  "kind": "Pod",
  "metadata": {"annotations": {
    "claviger.dev/agent-inject": "true",
    "claviger.dev/role": ""
  }},
  "spec": {"containers": [{"name": "app"}]}
}`
    expect(brief(text)[1]).toEqual([5, 5, 'error', 'annotation_value', 'claviger.dev/role'])
  })
})

test('every code of the injector has a rule, and every rule a code', () => {
  const read = (pattern: string) => globSync(pattern).map((path) => readFileSync(path, 'utf8'))
  const listCodes = (texts: readonly string[]) =>
    [...texts.join('\n').matchAll(/\bcode: '([a-z_]+)'/g)].map(([, code]) => code)
  const injector = listCodes([
    ...read('webhook/inject/**/*.ts'),
    ...read('webhook/policy/judge.ts'),
    ...read('core/reference.ts'),
    ...read('core/stores/settings/store-settings.ts'),
  ])
  const all = [
    ...injector,
    ...listCodes(read('cli/*.ts')),
    ...listCodes(read('cli/manifests/*.ts')),
  ]
  expect(injector.length).toBeGreaterThan(10)
  expect(injector.filter((code) => !Object.keys(rules).includes(code ?? ''))).toEqual([])
  expect(Object.keys(rules).filter((rule) => !all.includes(rule))).toEqual([])
})
