import { describe, expect, test } from '@jest/globals'
import { decide } from '../../../../webhook/inject/decide.ts'
import type { PodView } from '../../../../webhook/inject/pod.ts'

const view = (annotations: Record<string, string>, phase = ''): PodView => ({
  annotations: new Map(Object.entries(annotations)),
  phase,
  restartPolicy: 'Always',
  shareProcessNamespace: undefined,
  runAsUser: undefined,
  containers: [{ name: 'app', mounts: undefined, runAsUser: undefined }],
  initContainers: undefined,
  volumes: undefined,
})

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
      'already_injected',
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
    const decision = decide(view(annotations, phase), namespace)
    expect(decision.kind === 'inject' ? decision.kind : decision.reason).toBe(expected)
  })
})
