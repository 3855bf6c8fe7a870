import { describe, expect, test } from '@jest/globals'
import { decide } from '../../../../webhook/inject/decide.ts'
import { nameNamespace } from '../../../../webhook/inject/namespace.ts'
import { type PodView, readPod } from '../../../../webhook/inject/pod.ts'
import { createDefaults } from '../../../../webhook/inject/profiles.ts'

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
