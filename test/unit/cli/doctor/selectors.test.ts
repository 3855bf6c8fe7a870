/** Which pods rules and selectors of a webhook cover. */
import { describe, expect, test } from '@jest/globals'
import type { V1LabelSelector, V1MutatingWebhook } from '@kubernetes/client-node'
import { describeMending } from '../../../../cli/doctor/mending.ts'
import { explainExclusion } from '../../../../cli/doctor/selectors.ts'

const rule = { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }
const entry = (more: Partial<V1MutatingWebhook>): V1MutatingWebhook => ({
  name: 'w',
  admissionReviewVersions: ['v1'],
  sideEffects: 'None',
  clientConfig: {},
  rules: [rule],
  ...more,
})
const labels = { pod: { app: 'web' }, namespace: { team: 'a' } }

describe('rules', () => {
  test.each<[object, boolean]>([
    [rule, true],
    [{ ...rule, operations: ['*'], resources: ['*'] }, true],
    [{ ...rule, resources: ['*/*'], scope: 'Namespaced' }, true],
    [{ ...rule, operations: ['UPDATE'] }, false],
    [{ ...rule, resources: ['pods/exec'] }, false],
    [{ ...rule, apiGroups: ['apps'] }, false],
    [{ ...rule, scope: 'Cluster' }, false],
  ])('%j', (given, covers) => {
    const reason = explainExclusion(entry({ rules: [given] }), labels)
    expect(reason).toBe(covers ? undefined : 'no rule is for the creation of pods')
  })
})

describe('selectors', () => {
  const by = (operator: string, values?: string[], key = 'app'): V1LabelSelector => ({
    matchExpressions: [{ key, operator, ...(values === undefined ? {} : { values }) }],
  })
  test.each<[V1LabelSelector, string | undefined]>([
    [{}, undefined],
    [{ matchLabels: { app: 'web' } }, undefined],
    [{ matchLabels: { app: 'db' } }, 'app In (db)'],
    [by('In', ['web', 'db']), undefined],
    [by('In', ['web'], 'absent'), 'absent In (web)'],
    [by('NotIn', ['web']), 'app NotIn (web)'],
    [by('NotIn', ['web'], 'absent'), undefined],
    [by('Exists'), undefined],
    [by('Exists', undefined, 'absent'), 'absent Exists'],
    [by('DoesNotExist'), 'app DoesNotExist'],
    [by('DoesNotExist', undefined, 'absent'), undefined],
    [by('Exists', undefined, 'constructor'), 'constructor Exists'],
  ])('%j', (objectSelector, unmet) => {
    const reason = explainExclusion(entry({ objectSelector }), labels)
    expect(reason).toBe(unmet && `objectSelector wants ${unmet} of the pod`)
  })

  test('of namespaces are looked at first', () => {
    const both = { namespaceSelector: by('Exists', undefined, 'x'), objectSelector: by('Exists') }
    expect(explainExclusion(entry(both), labels)).toBe(
      'namespaceSelector wants x Exists of the namespace',
    )
  })
})

describe('a pod is made anew', () => {
  const owner = (kind: string, name: string) => [
    { apiVersion: 'apps/v1', kind, name, uid: '1', controller: true },
  ]
  const inDemo = 'kubectl --namespace=demo'
  test.each([
    ['a Deployment', owner('ReplicaSet', 'app-5c'), 'rollout restart deployment/app'],
    ['a bare ReplicaSet', owner('ReplicaSet', 'app'), 'delete pod/p'],
    ['a StatefulSet', owner('StatefulSet', 'db'), 'rollout restart statefulset/db'],
    ['a Job', owner('Job', 'once'), 'delete pod/p'],
    ['nobody', [], 'delete pod/p, and create it again'],
  ])('of %s', (_, ownerReferences, expected) => {
    const labels = { 'pod-template-hash': '5c' }
    const metadata = { name: 'p', namespace: 'demo', labels, ownerReferences }
    expect(describeMending({ metadata })).toBe(`${inDemo} ${expected}`)
  })
})
