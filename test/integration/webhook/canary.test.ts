/** Markers planted in everything that a pod holds; the guard run at the most verbose level with forced failures; every output searched. */
import { describe, expect, test } from '@jest/globals'
import { canary, expectClean } from '../../support/canary.ts'
import { ownedBy, pod, useGuard } from './support/running-guard.ts'

const { value, token, body } = canary

describe('the guard', () => {
  const { api, start } = useGuard()

  test('tells of pods and evicts them without repeating what they hold', async () => {
    const annotations = {
      'vault.hashicorp.com/agent-inject': 'true',
      'vault.hashicorp.com/agent-inject-secret-x': value,
      'vault.hashicorp.com/agent-inject-template-x': `{{ "${token}" }}`,
      'kubectl.kubernetes.io/last-applied-configuration': body,
    }
    const nonsense = { ...annotations, 'claviger.dev/agent-inject': value }
    const labels = { note: value }
    api().set('asks', pod(Date.now(), { ageMs: 60_000, annotations, labels, ...ownedBy('rs') }))
    api().set('odd', pod(Date.now(), { ageMs: 60_000, annotations: nonsense, labels }))
    api().evictionStatus = 500
    const guard = start({ evict: true })
    await api().opened(1)
    await guard.pass(1_000)
    api().fail = 403
    api().cutWatches()
    await guard.ends(1)
    await guard.pass(30_000)
    const log = JSON.stringify(guard.log())
    expect(log).toMatch(/pod not injected.*pod not injected.*pod not evicted.*pods not watched/)
    expectClean(log)
    expectClean(await guard.metrics())
  })
})
