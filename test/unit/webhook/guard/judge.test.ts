import { describe, expect, test } from '@jest/globals'
import { judgePod } from '../../../../webhook/guard/judge.ts'
import { findProfile } from '../../../../webhook/inject/profiles.ts'
import { readMetadata } from '../../../../webhook/kube/object-metadata.ts'

const asked = { 'vault.hashicorp.com/agent-inject': 'true' }

function judge(metadata: object, profile = 'claviger') {
  const read = readMetadata({ metadata: { namespace: 'team', ...metadata } })
  const judged = { profile: findProfile(profile), ownNamespace: 'claviger-system' }
  return judgePod(read, judged).judgement
}

describe('a pod', () => {
  test.each([
    ['that asks', { annotations: asked }, 'missed'],
    [
      'that asks under another prefix',
      { annotations: { 'openbao.org/agent-inject': 't' } },
      'missed',
    ],
    [
      'whose status is another',
      { annotations: { ...asked, 'vault.hashicorp.com/agent-inject-status': 'update' } },
      'missed',
    ],
    [
      'that is injected',
      { annotations: { ...asked, 'vault.hashicorp.com/agent-inject-status': 'injected' } },
      'injected',
    ],
    [
      'that is injected under another prefix than it asks',
      { annotations: { ...asked, 'claviger.dev/agent-inject-status': 'injected' } },
      'injected',
    ],
    ['that does not ask', { annotations: { 'example.com/agent-inject': 'true' } }, 'unconcerned'],
    ['that refuses', { annotations: { 'claviger.dev/agent-inject': 'false' } }, 'unconcerned'],
    ['without annotations', {}, 'unconcerned'],
    ['that asks for nonsense', { annotations: { 'claviger.dev/agent-inject': 'yes' } }, 'invalid'],
    [
      'of two opinions',
      { annotations: { ...asked, 'claviger.dev/agent-inject': 'false' } },
      'invalid',
    ],
    [
      'that is being deleted',
      { annotations: asked, deletionTimestamp: '2026-01-01T00:00:00Z' },
      'unconcerned',
    ],
    [
      'of a file of the node',
      { annotations: { ...asked, 'kubernetes.io/config.mirror': 'x' } },
      'unconcerned',
    ],
    ['in kube-system', { annotations: asked, namespace: 'kube-system' }, 'unconcerned'],
    ['in the own namespace', { annotations: asked, namespace: 'claviger-system' }, 'unconcerned'],
  ])('%s', (_, metadata, expected) => {
    expect(judge(metadata)).toBe(expected)
  })

  test.each([
    ['another prefix is none', { 'openbao.org/agent-inject': 'true' }, 'unconcerned'],
    ['what is no boolean is an error', { 'vault.hashicorp.com/agent-inject': 'yes' }, 'invalid'],
    ['the stock prefix is read', asked, 'missed'],
  ])('in profile vault-k8s: %s', (_, annotations, expected) => {
    expect(judge({ annotations }, 'vault-k8s')).toBe(expected)
  })

  test.each(['kube-public', 'claviger-system'])('in profile vault-k8s %s is left alone', (name) => {
    expect(judge({ annotations: asked, namespace: name }, 'vault-k8s')).toBe('unconcerned')
  })
})

test('of the metadata only what is as it should be is read', () => {
  const odd = { name: 1, labels: 'x', annotations: [1], ownerReferences: { a: 1 }, uid: null }
  expect(readMetadata({ metadata: odd })).toMatchObject({
    name: '',
    uid: '',
    createdAt: 0,
    isBeingDeleted: false,
    controller: undefined,
  })
  expect(readMetadata(null).annotations.size).toBe(0)
})

test('the owner is the one that makes another pod', () => {
  const ownerReferences = [
    { kind: 'ConfigMap', name: 'a', uid: '1' },
    { kind: 'ReplicaSet', name: 'b', uid: '2', controller: true },
  ]
  const { controller } = readMetadata({ metadata: { ownerReferences } })
  expect(controller).toEqual({ kind: 'ReplicaSet', name: 'b', uid: '2' })
})
