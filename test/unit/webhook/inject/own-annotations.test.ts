/** Annotations that vault-k8s does not have: what each of them decides, and what takes it back. */
import { describe, expect, test } from '@jest/globals'
import { mutate } from '../../../../webhook/inject/mutate.ts'
import { nameNamespace } from '../../../../webhook/inject/namespace.ts'
import type { WebhookDefaults } from '../../../../webhook/inject/profiles.ts'
import { createDefaults } from '../../../support/webhook-defaults.ts'

const defaults = createDefaults({ address: 'https://vault:8200', image: 'agent:1' })
const prefix = 'claviger.dev/'

function inject(
  annotations: Readonly<Record<string, string>>,
  spec: object = {},
  operator: WebhookDefaults = defaults,
) {
  const all = { 'agent-inject': 'true', role: 'app', 'agent-inject-secret-a': 'secret/a' }
  const prefixed = Object.entries({ ...all, ...annotations }).map(([key, value]) => [
    prefix + key,
    value,
  ])
  const pod = {
    metadata: { annotations: Object.fromEntries(prefixed) },
    spec: { containers: [{ name: 'app' }], ...spec },
  }
  const outcome = mutate(pod, nameNamespace('default'), operator)
  if (outcome.kind !== 'injected') throw new Error(JSON.stringify(outcome))
  return outcome
}

/** The agent's containers that the patch adds to a list, by the place where it puts them. */
function added(outcome: ReturnType<typeof inject>, list: string): readonly string[] {
  return outcome.patch.flatMap((operation) => {
    if (operation.op !== 'add' || !operation.path.startsWith(`/spec/${list}`)) return []
    const place = operation.path.slice(`/spec/${list}`.length)
    if (place.endsWith('volumeMounts') || place.endsWith('volumeMounts/-')) return []
    const containers = Array.isArray(operation.value) ? operation.value : [operation.value]
    return containers.flatMap(({ name, restartPolicy = 'once' }) =>
      name === undefined ? [] : [`${place} ${name} ${restartPolicy}`],
    )
  })
}

describe('agent-native-sidecar', () => {
  const native = [' vault-agent-init once', ' vault-agent Always']
  test.each<[string, string | undefined, string | undefined, readonly string[]]>([
    ['a pod that ends', 'Never', undefined, native],
    ['a pod that ends when it succeeds', 'OnFailure', 'auto', native],
    ['a pod that runs for ever', 'Always', undefined, native.slice(0, 1)],
    ['a pod that does not say', undefined, undefined, native.slice(0, 1)],
    ['a pod that runs for ever and wants it', 'Always', 'on', native],
    ['a Job that does not want it', 'Never', 'off', native.slice(0, 1)],
  ])('%s', (_, restartPolicy, mode, expected) => {
    const annotations = mode === undefined ? {} : { 'agent-native-sidecar': mode }
    const outcome = inject(annotations, restartPolicy === undefined ? {} : { restartPolicy })
    expect(added(outcome, 'initContainers')).toEqual(expected)
    expect(added(outcome, 'containers')).toEqual(
      expected.length === 2 ? [] : ['/- vault-agent once'],
    )
  })

  test('an operator whose cluster is too old turns it off', () => {
    const old = { ...defaults, annotations: new Map([['agent-native-sidecar', 'off']]) }
    const outcome = inject({}, { restartPolicy: 'Never' }, old)
    expect(added(outcome, 'containers')).toEqual(['/- vault-agent once'])
    expect(outcome.warnings).toContainEqual(expect.stringMatching(/from completing/))
  })
})

describe('the order of init containers', () => {
  const spec = { initContainers: [{ name: 'one' }, { name: 'two' }], restartPolicy: 'Never' }
  test.each([
    [{}, ['/-', '/-']],
    [{ 'agent-init-first': 'true' }, ['/0', '/1']],
    [{ 'agent-init-before': 'two' }, ['/1', '/2']],
    [{ 'agent-init-after': 'one' }, ['/1', '/2']],
    [{ 'agent-init-after': 'two' }, ['/-', '/-']],
    [{ 'agent-init-before': 'one' }, ['/0', '/1']],
  ])('%j', (annotations, places) => {
    const names = ['vault-agent-init once', 'vault-agent Always']
    const expected = places.map((place, index) => `${place} ${names[index]}`)
    expect(added(inject(annotations, spec), 'initContainers')).toEqual(expected)
  })
})

describe('a template that reads a file of the agent’s container', () => {
  const template = { 'agent-inject-template-a': '{{ file "/etc/x" }}' }
  const place = /template-a: .*line 1, column 4: function "file" is not allowed here/

  test('is refused', () => {
    expect(() => inject(template)).toThrow(/not allowed here/)
  })

  test.each<[string, Partial<WebhookDefaults>]>([
    ['where the operator lets it', { templatePolicy: 'stock' }],
    ['with a stock agent', { flavour: 'vault' }],
  ])('earns a warning %s', (_, changes) => {
    const outcome = inject(template, {}, { ...defaults, ...changes })
    expect(outcome.warnings).toEqual([expect.stringMatching(place)])
  })
})

describe('which agent the image holds', () => {
  const operator = (changes: Partial<WebhookDefaults>) => ({ ...defaults, ...changes })
  test.each<[string, Partial<WebhookDefaults>, Readonly<Record<string, string>>, string]>([
    ['ours by default', {}, {}, 'claviger'],
    ['a stock one by its annotation', {}, { 'agent-image': 'x:1' }, 'vault'],
    ['a stock one by the operator’s stock name', { stockImage: true }, {}, 'vault'],
    [
      'what the flag says, whatever the name',
      { flavour: 'claviger', stockImage: true },
      {},
      'claviger',
    ],
    [
      'what the flag says, whatever the pod’s image',
      { flavour: 'openbao' },
      { 'agent-image': 'x:1' },
      'openbao',
    ],
    [
      'what the pod says, above all',
      { flavour: 'openbao' },
      { 'agent-flavour': 'claviger' },
      'claviger',
    ],
  ])('%s', (_, changes, annotations, flavour) => {
    expect(inject(annotations, {}, operator(changes)).summary.flavour).toBe(flavour)
  })
})

describe('a file that its bits may keep from the app earns a warning', () => {
  const warns = (perms: string, spec: object, annotations = {}) =>
    inject({ 'agent-inject-perms-a': perms, ...annotations }, spec).warnings.some((warning) =>
      warning.includes('may keep the app from reading'),
    )
  const as = (runAsUser: number, more = {}) => ({ securityContext: { runAsUser, ...more } })
  test.each<[boolean, string, string, object]>([
    [false, '0644', 'others may read', {}],
    [true, '0640', 'nobody knows the user', {}],
    [false, '0400', 'the same user', as(100)],
    [true, '0400', 'another user', as(101)],
    [false, '0400', 'root', as(0)],
    [false, '0440', 'an fsGroup', { securityContext: { fsGroup: 5 } }],
    [true, '0400', 'an fsGroup without a bit for it', { securityContext: { fsGroup: 5 } }],
    [false, '0440', 'the group of the agent', as(7, { runAsGroup: 1000 })],
    [false, '0440', 'that group besides', as(7, { supplementalGroups: [1000] })],
    [true, '0440', 'another group', as(7, { runAsGroup: 1001 })],
    [
      false,
      '0400',
      'one container of the two',
      {
        containers: [
          { name: 'a', ...as(100) },
          { name: 'b', ...as(5) },
        ],
      },
    ],
  ])('%p: %s, %s', (expected, perms, _, spec) => {
    expect(warns(perms, spec)).toBe(expected)
  })

  test('not where the cluster gives all containers one user', () => {
    expect(warns('0400', as(100), { 'agent-set-security-context': 'false' })).toBe(false)
  })
})
