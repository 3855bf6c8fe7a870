/** What the chart lets its webhook do, for every combination of values that changes it. */
import { describe, expect, test } from '@jest/globals'
import { isOfGuard } from './manifests.ts'
import { anyAddress, type Rendered, render } from './render.ts'
import { certificates } from './values.ts'

interface Rule {
  readonly apiGroups?: readonly string[]
  readonly resources?: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly verbs: readonly string[]
}

const ours = {
  secret: ['Role secrets claviger-webhook-certs get,patch'],
  configuration: ['ClusterRole mutatingwebhookconfigurations claviger-webhook get,patch'],
  namespaces: ['ClusterRole namespaces * list,watch'],
}

/** Sorted, as all lists here. */
const expected: Readonly<Record<string, readonly string[]>> = {
  own: [...ours.configuration, ...ours.secret],
  published: ours.configuration,
  given: [],
  'cert-manager': [],
}

function listRules(objects: readonly Rendered[]): readonly string[] {
  const rules = objects.flatMap((object) => {
    if (object.kind !== 'Role' && object.kind !== 'ClusterRole') return []
    const own: readonly Rule[] = Object(object).rules
    return own.map(({ resources = [], resourceNames = ['*'], verbs }) =>
      [object.kind, resources.join(), resourceNames.join(), verbs.join()].join(' '),
    )
  })
  return rules.sort()
}

/** Of the tests of Helm, which have a ServiceAccount of their own. */
const isHook = ({ metadata }: Rendered) => metadata.annotations?.['helm.sh/hook'] !== undefined

describe.each(Object.entries(certificates))('with certificates %s', (name, certs) => {
  test.each([false, true])('and the watch of namespaces: %s', async (enabled) => {
    const injector = { certs, namespaceDefaults: { enabled } }
    const all = await render({ values: { ...anyAddress, injector } })
    const objects = all.filter((object) => !isHook(object) && !isOfGuard(object))
    expect(listRules(objects)).toEqual([
      ...[...(expected[name] ?? []), ...(enabled ? ours.namespaces : [])].sort(),
    ])
    const { spec } = Object(objects.find(({ kind }) => kind === 'Deployment'))
    const needsToken = listRules(objects).length > 0
    expect(spec.template.spec.automountServiceAccountToken).toBe(needsToken)
    expect(listBindings(objects)).toEqual(listRoles(objects))
  })
})

test.each([
  [{ enabled: true }, ['ClusterRole pods * list,watch']],
  [
    { enabled: true, evict: true },
    ['ClusterRole pods * list,watch', 'ClusterRole pods/eviction * create'],
  ],
  [{ enabled: false, evict: true }, []],
])(
  'the guard with %j has its own ServiceAccount and may no more than see, or evict',
  async (guard, rules) => {
    const objects = (await render({ values: { ...anyAddress, guard } })).filter(isOfGuard)
    expect(listRules(objects)).toEqual(rules)
    expect(listBindings(objects, 'claviger-guard')).toEqual(listRoles(objects))
  },
)

const listRoles = (objects: readonly Rendered[]) =>
  objects.filter(({ kind }) => /^(Cluster)?Role$/.test(kind)).map(({ metadata }) => metadata.name)

/** Names of bound roles, each to that ServiceAccount alone. */
function listBindings(
  objects: readonly Rendered[],
  account = 'claviger-webhook',
): readonly string[] {
  return objects
    .filter(({ kind }) => kind.endsWith('RoleBinding'))
    .map((binding) => {
      const { roleRef, subjects } = Object(binding)
      expect(subjects).toEqual([
        { kind: 'ServiceAccount', name: account, namespace: 'claviger-system' },
      ])
      return roleRef.name
    })
}

test('no rule of any kind has a wildcard, makes tokens, or reaches Secrets without their name', async () => {
  for (const certs of Object.values(certificates)) {
    const injector = { certs, namespaceDefaults: { enabled: true } }
    for (const object of await render({ values: { ...anyAddress, injector } })) {
      if (!object.kind.endsWith('Role')) continue
      const rules: readonly Rule[] = Object(object).rules
      for (const { apiGroups = [], resources = [], resourceNames, verbs } of rules) {
        expect([...apiGroups, ...resources, ...verbs]).not.toContain('*')
        expect(resources.filter((resource) => resource.includes('/'))).toEqual([])
        if (!resources.includes('secrets')) continue
        expect([object.kind, resourceNames]).toEqual(['Role', ['claviger-webhook-certs']])
      }
    }
  }
})

test('the Secret is shipped without data, and the configuration without a CA that is not given', async () => {
  const objects = await render({ values: anyAddress })
  const secret = objects.find(({ kind }) => kind === 'Secret')
  expect(Object.keys(secret ?? {}).sort()).toEqual(['apiVersion', 'kind', 'metadata', 'type'])
  const { webhooks } = Object(objects.find(({ kind }) => kind === 'MutatingWebhookConfiguration'))
  expect(Object.keys(webhooks[0].clientConfig)).toEqual(['service'])
})

test('its pods pass Pod Security restricted', async () => {
  const objects = await render({ values: anyAddress })
  const pods = objects.flatMap((object) => {
    if (object.kind === 'Pod') return [Object(object).spec]
    return object.kind === 'Deployment' ? [Object(object).spec.template.spec] : []
  })
  expect(pods).toHaveLength(3)
  for (const { securityContext, containers } of pods) {
    expect(securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    })
    for (const container of containers) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      })
    }
  }
})
