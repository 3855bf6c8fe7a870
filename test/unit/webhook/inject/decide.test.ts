import { describe, expect, test } from '@jest/globals'
import { decide } from '../../../../webhook/inject/decide.ts'
import { nameNamespace } from '../../../../webhook/inject/namespace.ts'
import { type PodView, readPod } from '../../../../webhook/inject/pod.ts'
import { createDefaults } from '../../../support/webhook-defaults.ts'

const { profile } = createDefaults({ address: 'https://vault:8200', image: 'agent:1' })

function view(annotations: Record<string, string>, phase: string, container = 'app'): PodView {
  const pod = {
    metadata: { annotations },
    status: { phase },
    spec: { containers: [{ name: container }] },
  }
  const reading = readPod(pod, profile)
  if (reading.kind !== 'ok') throw new Error('expected a pod')
  return reading.value
}

const asked = { 'vault.hashicorp.com/agent-inject': 'true' }

describe('decide', () => {
  test.each([
    ['a pod that asks', asked, '', 'default', 'inject'],
    ['another prefix', { 'openbao.org/agent-inject': 't' }, '', 'default', 'inject'],
    ['phase Pending', asked, 'Pending', 'default', 'inject'],
    [
      'another status',
      { ...asked, 'vault.hashicorp.com/agent-inject-status': 'update' },
      '',
      'default',
      'inject',
    ],
    ['no annotation', {}, '', 'default', 'not_requested'],
    ['an empty value', { 'claviger.dev/agent-inject': '' }, '', 'default', 'not_requested'],
    ['a foreign prefix', { 'example.com/agent-inject': 'true' }, '', 'default', 'not_requested'],
    ['no annotation in kube-system', {}, '', 'kube-system', 'not_requested'],
    ['phase Running', asked, 'Running', 'default', 'already_running'],
    [
      'status injected, under any prefix',
      { ...asked, 'claviger.dev/agent-inject-status': 'injected' },
      '',
      'kube-system',
      'status_claimed',
    ],
    ['kube-system', asked, '', 'kube-system', 'system_namespace'],
    ['kube-public', asked, '', 'kube-public', 'system_namespace'],
    ['no boolean', { 'vault.hashicorp.com/agent-inject': 'yes' }, '', 'default', 'request_invalid'],
    [
      'two opinions',
      { ...asked, 'claviger.dev/agent-inject': 'false' },
      '',
      'default',
      'request_invalid',
    ],
  ])('%s', (_, annotations, phase, namespace, expected) => {
    const pod = view(annotations, phase)
    const decision = decide({ pod, namespace: nameNamespace(namespace), profile })
    const told = decision.kind === 'inject' ? decision.kind : decision.reason
    const codes = decision.kind === 'deny' ? decision.problems.map(({ code }) => code) : []
    expect([told, ...codes]).toContain(expected)
  })

  test('a pod with status injected and an agent is left alone', () => {
    const annotations = { ...asked, 'claviger.dev/agent-inject-status': 'injected' }
    const pod = view(annotations, '', 'vault-agent')
    expect(decide({ pod, namespace: nameNamespace('kube-system'), profile })).toEqual({
      kind: 'skip',
      reason: 'already_injected',
    })
  })
})

describe('the webhook’s own namespace', () => {
  const ownNamespace = 'claviger-system'
  const ask = (name: string, annotations: Record<string, string>) =>
    decide({ pod: view(annotations, ''), namespace: nameNamespace(name), profile, ownNamespace })

  test.each([
    ['kube-system', {}],
    ['claviger-system', { hint: 'the webhook itself runs there' }],
  ])('a pod that asks in %s is denied, and told why', (name, hint) => {
    const expected = 'a namespace other than kube-system, kube-public and claviger-system'
    expect(ask(name, asked)).toMatchObject({
      kind: 'deny',
      reason: 'system_namespace',
      problems: [{ path: 'metadata.namespace', expected, got: name, ...hint }],
    })
  })

  test('leaves alone what does not ask', () => {
    expect(ask('claviger-system', {})).toEqual({ kind: 'skip', reason: 'not_requested' })
    expect(ask('default', asked)).toEqual({ kind: 'inject' })
  })

  test('is none for profile vault-k8s, as for vault-k8s', () => {
    const stock = createDefaults({ address: 'https://v', image: 'i', profile: 'vault-k8s' }).profile
    const question = { pod: view(asked, ''), profile: stock, ownNamespace }
    expect(decide({ ...question, namespace: nameNamespace('claviger-system') }).kind).toBe('inject')
    expect(decide({ ...question, namespace: nameNamespace('kube-public') }).kind).toBe('deny')
  })
})
