import { describe, expect, test } from '@jest/globals'
import { mutate } from '../../../../webhook/inject/mutate.ts'
import { nameNamespace } from '../../../../webhook/inject/namespace.ts'
import { createDefaults } from '../../../support/webhook-defaults.ts'

const defaults = createDefaults({ address: 'https://vault:8200', image: 'agent:1' })
const key = (name: string) => `vault.hashicorp.com/${name}`
const base = {
  [key('agent-inject')]: 'true',
  [key('role')]: 'app',
  [key('agent-inject-secret-a')]: 'secret/a',
}

function inject(annotations: Record<string, string>, spec: object = {}) {
  const own = Object.entries(annotations).map(([name, value]) => [key(name), value])
  const metadata = { annotations: { ...base, ...Object.fromEntries(own) } }
  return mutate(
    { metadata, spec: { containers: [{ name: 'app' }], ...spec } },
    nameNamespace('default'),
    defaults,
  )
}

function findProblems(annotations: Record<string, string>, spec: object = {}): readonly string[] {
  const outcome = inject(annotations, spec)
  return outcome.kind === 'denied' ? outcome.issues.map(({ path }) => path) : []
}

/** The values that the patch adds at a path. */
function findAdded(
  annotations: Record<string, string>,
  path: string,
  spec: object = {},
): readonly unknown[] {
  const outcome = inject(annotations, spec)
  if (outcome.kind !== 'injected') throw new Error('expected an injection')
  return outcome.patch.flatMap((operation) =>
    operation.op === 'add' && operation.path === path ? [operation.value] : [],
  )
}

describe('agent-run-as-same-user', () => {
  const same = { 'agent-run-as-same-user': 'true' }
  const as = (runAsUser: number) => ({ securityContext: { runAsUser } })
  test.each([
    [
      'the first container',
      {
        containers: [
          { name: 'a', ...as(7) },
          { name: 'b', ...as(8) },
        ],
      },
      7,
    ],
    ['the pod', { ...as(9) }, 9],
    ['the container before the pod', { containers: [{ name: 'a', ...as(7) }], ...as(9) }, 7],
  ])('takes the user of %s', (_, spec, runAsUser) => {
    const [sidecar] = findAdded(same, '/spec/containers/-', spec)
    expect(sidecar).toMatchObject({ securityContext: { runAsUser, runAsNonRoot: true } })
  })
  test.each([
    ['nothing says it', {}],
    ['it is root', as(0)],
  ])('is denied where %s', (_, spec) => {
    expect(findProblems(same, spec)).toEqual([key('agent-run-as-same-user')])
  })
})

test('user 0 runs as root; without a security context nothing is said', () => {
  const [root] = findAdded({ 'agent-run-as-user': '0' }, '/spec/containers/-')
  expect(root).toMatchObject({ securityContext: { runAsUser: 0, runAsNonRoot: false } })
  const [bare] = findAdded({ 'agent-set-security-context': 'false' }, '/spec/containers/-')
  expect(bare).not.toHaveProperty('securityContext')
})

describe('agent-share-process-namespace', () => {
  const path = '/spec/shareProcessNamespace'
  test.each([
    ['true', undefined, [true]],
    ['false', undefined, [false]],
    ['true', true, []],
  ])('%s over %j adds %j', (value, shareProcessNamespace, added) => {
    const spec = { shareProcessNamespace }
    expect(findAdded({ 'agent-share-process-namespace': value }, path, spec)).toEqual(added)
  })
  test.each([
    ['true', false],
    ['false', true],
  ])('%s over %j is denied', (value, shareProcessNamespace) => {
    const problems = findProblems(
      { 'agent-share-process-namespace': value },
      { shareProcessNamespace },
    )
    expect(problems).toEqual([key('agent-share-process-namespace')])
  })
})

describe('agent-service-account-token-volume-name', () => {
  const named = { 'agent-service-account-token-volume-name': 'login' }
  const projected = { sources: [{ configMap: {} }, { serviceAccountToken: { path: 'jwt' } }] }
  test('mounts that volume instead of a new one', () => {
    const spec = { volumes: [{ name: 'login', projected }] }
    const [sidecar] = findAdded(named, '/spec/containers/-', spec)
    expect(JSON.stringify(sidecar)).not.toContain('vault-agent-token')
    expect(sidecar).toMatchObject({
      volumeMounts: expect.arrayContaining([
        {
          name: 'login',
          mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
          readOnly: true,
        },
      ]),
    })
  })
  test.each([
    ['is missing', []],
    ['is not projected', [{ name: 'login', emptyDir: {} }]],
    ['projects no token', [{ name: 'login', projected: { sources: [{ secret: {} }] } }]],
    ['is no list', [{ name: 'login', projected: { sources: {} } }]],
  ])('a volume that %s is denied', (_, volumes) => {
    expect(findProblems(named, { volumes })).toEqual([
      key('agent-service-account-token-volume-name'),
    ])
  })
})

describe('agent-copy-volume-mounts', () => {
  const mounting = (mountPath: string) => ({
    containers: [{ name: 'app', volumeMounts: [{ name: 'data', mountPath, subPath: 'x' }] }],
  })
  test('copies a mount as it is', () => {
    const [sidecar] = findAdded(
      { 'agent-copy-volume-mounts': 'app' },
      '/spec/containers/-',
      mounting('/data'),
    )
    expect(sidecar).toMatchObject({
      volumeMounts: expect.arrayContaining([{ name: 'data', mountPath: '/data', subPath: 'x' }]),
    })
  })
  test.each(['/vault/state/', '/vault/state/deep'])('%s would hide the agent’s own', (path) => {
    expect(findProblems({ 'agent-copy-volume-mounts': 'app' }, mounting(path))).toEqual([
      key('agent-copy-volume-mounts'),
    ])
  })
})

test.each([
  [{ 'agent-inject-containers': 'app, gone' }, 'agent-inject-containers names "gone"'],
  [{ 'agent-copy-volume-mounts': 'gone' }, 'agent-copy-volume-mounts names "gone"'],
  [
    { 'agent-set-security-context': 'false', 'agent-run-as-user': '5' },
    'agent-run-as-user has no effect',
  ],
])('%j earns a warning', (annotations, warning) => {
  const outcome = inject(annotations)
  expect(outcome.kind === 'injected' && outcome.warnings.join()).toContain(warning)
})

test.each([
  ['stays off', {}, false],
  ['is back with a user', { 'agent-run-as-user': '5' }, true],
  ['is back with the mere presence of same-user', { 'agent-run-as-same-user': 'false' }, true],
  [
    'stays off where the pod says so itself',
    { 'agent-set-security-context': 'false', 'agent-run-as-user': '5' },
    false,
  ],
])('a security context that the operator turned off %s', (_, annotations, present) => {
  const operator = {
    ...defaults,
    annotations: new Map([['agent-set-security-context', 'false']]),
  }
  const own = Object.entries(annotations).map(([name, value]) => [key(name), value])
  const metadata = { annotations: { ...base, ...Object.fromEntries(own) } }
  const pod = { metadata, spec: { containers: [{ name: 'app' }] } }
  const text = JSON.stringify(mutate(pod, nameNamespace('default'), operator))
  expect(text.includes('"securityContext"')).toBe(present)
})
