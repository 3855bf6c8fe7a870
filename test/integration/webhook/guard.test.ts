/** The guard on an API that lists, watches, ends, forgets and refuses. */
import { beforeEach, describe, expect, test } from '@jest/globals'
import type { FakeObjects } from './support/fake-objects.ts'
import { ownedBy, pod, type RunningGuard, useGuard } from './support/running-guard.ts'

const { api: current, start } = useGuard()
const injected = {
  'vault.hashicorp.com/agent-inject': 'true',
  'vault.hashicorp.com/agent-inject-status': 'injected',
}
let api: FakeObjects

beforeEach(() => {
  api = current()
})

async function startSynced(options?: { readonly evict: boolean }): Promise<RunningGuard> {
  const guard = start(options)
  await api.opened(1)
  return guard
}

/** The pods of the lines with this message. */
const told = ({ log }: RunningGuard, message: string) =>
  log()
    .filter((line) => line['@message'] === message)
    .map((line) => line['pod'])

describe('the guard', () => {
  test('tells once of each pod that was missed, after its grace', async () => {
    const now = Date.now()
    api.set('old', pod(now, { ageMs: 60_000, ...ownedBy('rs') }))
    api.set('fine', pod(now, { ageMs: 60_000, annotations: injected }))
    const guard = await startSynced()
    await guard.pass(1_000)
    api.set('young', pod(now))
    await guard.events(1)
    await guard.pass(1_000)
    expect(told(guard, 'pod not injected')).toEqual(['old'])
    await guard.pass(30_000)
    await guard.pass(30_000)
    expect(told(guard, 'pod not injected')).toEqual(['old', 'young'])
    expect(guard.log().find((line) => line['pod'] === 'old')).toMatchObject({
      '@level': 'warn',
      namespace: 'team',
      owner: 'ReplicaSet',
      owner_name: 'rs',
      reason: 'not_injected',
    })
    expect(await guard.metrics()).toContain('claviger_guard_uninjected_pods{namespace="team"} 2\n')
    expect(api.evictions).toEqual([])
  })

  test('counts a pod no longer that is gone or on its way', async () => {
    const now = Date.now()
    api.set('gone', pod(now, { ageMs: 60_000 }))
    const leaving = pod(now, { ageMs: 60_000 })
    api.set('leaving', leaving)
    const guard = await startSynced()
    await guard.pass(1_000)
    api.remove('gone')
    api.set('leaving', { ...leaving, deletionTimestamp: new Date(now).toISOString() })
    await guard.events(2)
    await guard.pass(1_000)
    expect(await guard.metrics()).not.toContain('claviger_guard_uninjected_pods{')
  })

  test('asks for the metadata of pods that are not at their end, in pages', async () => {
    const now = Date.now()
    for (let index = 0; index < 120; index++) api.set(`p-${index}`, pod(now, { ageMs: 60_000 }))
    const guard = await startSynced()
    await guard.pass(1_000)
    expect(await guard.metrics()).toContain('{namespace="team"} 120\n')
    expect(api.requests.slice(0, 3)).toEqual(['list', 'list 50', 'list 100'])
    expect(api.accepts.every((accept) => accept.includes('as=PartialObjectMetadata'))).toBe(true)
    for (const url of api.urls) {
      const { pathname, searchParams } = new URL(url, 'https://fake')
      expect(pathname).toBe('/api/v1/pods')
      expect(searchParams.get('fieldSelector')).toBe('status.phase!=Succeeded,status.phase!=Failed')
    }
  })

  test('forgets nothing and tells nothing twice when it must list again', async () => {
    const now = Date.now()
    api.set('kept', pod(now, { ageMs: 60_000 }))
    api.set('gone', pod(now, { ageMs: 60_000 }))
    const guard = await startSynced()
    await guard.pass(1_000)
    api.cutWatches()
    await guard.ends(1)
    api.remove('gone')
    api.forget()
    await guard.pass(30_000)
    await guard.ends(2)
    await guard.pass(30_000)
    await api.opened(2)
    await guard.pass(1_000)
    expect(told(guard, 'pod not injected')).toEqual(['kept', 'gone'])
    expect(await guard.metrics()).toContain('{namespace="team"} 1\n')
    expect(told(guard, 'pods not watched')).toHaveLength(1)
  })

  test('is not synced while the API refuses', async () => {
    api.fail = 403
    const guard = start()
    await guard.said('pods not watched')
    expect(guard.guard.synced).toBe(false)
    expect(await guard.metrics()).toContain('claviger_guard_synced 0\n')
    api.fail = undefined
    await guard.pass(30_000)
    await api.opened(1)
    expect(guard.guard.synced).toBe(true)
    expect(await guard.metrics()).toContain('claviger_guard_synced 1\n')
  })
})

describe('the guard that evicts', () => {
  test('evicts by name and uid, and counts it', async () => {
    api.set('old', pod(Date.now(), { ageMs: 60_000, uid: 'u-1', ...ownedBy('rs') }))
    const guard = await startSynced({ evict: true })
    await guard.pass(1_000)
    await guard.events(1)
    expect(api.evictions).toEqual([
      {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { namespace: 'team', name: 'old' },
        deleteOptions: { preconditions: { uid: 'u-1' } },
      },
    ])
    expect(api.urls.at(-1)).toBe('/api/v1/namespaces/team/pods/old/eviction')
    await guard.pass(1_000)
    expect(await guard.metrics()).toContain('claviger_guard_evictions_total{result="evicted"} 1\n')
    expect(told(guard, 'pod evicted')).toEqual(['old'])
  })

  test('leaves a pod that nothing would replace', async () => {
    api.set('lonely', pod(Date.now(), { ageMs: 60_000 }))
    const guard = await startSynced({ evict: true })
    await guard.pass(1_000)
    await guard.pass(1_000)
    expect(told(guard, 'pod not injected')).toEqual(['lonely'])
    expect(api.evictions).toEqual([])
  })

  test('waits longer and longer for an owner whose pods come back without an agent', async () => {
    const now = Date.now()
    api.set('p0', pod(now, { ageMs: 60_000, ...ownedBy('rs') }))
    const guard = await startSynced({ evict: true })
    await guard.pass(1_000)
    await guard.events(1)
    api.set('p1', pod(now, { ageMs: 60_000, ...ownedBy('rs') }))
    await guard.events(2)
    await guard.pass(58_000)
    expect(api.evictions).toHaveLength(1)
    await guard.pass(60_000)
    await guard.events(3)
    await guard.pass(1_000)
    const lines = guard.log().filter((line) => line['@message'] === 'pod evicted')
    expect(lines).toMatchObject([
      { pod: 'p0', attempt: 1, owner_pause_s: 60 },
      { pod: 'p1', attempt: 2, owner_pause_s: 120 },
    ])
  })

  test.each([
    [429, 'refused', { reason: 'disruption_budget' }],
    [403, 'failed', { code: 'kubernetes_refused', status: 403 }],
  ])('tries again later after %d', async (status, result, fields) => {
    api.set('old', pod(Date.now(), { ageMs: 60_000, ...ownedBy('rs') }))
    api.evictionStatus = status
    const guard = await startSynced({ evict: true })
    await guard.pass(1_000)
    await guard.pass(5_000)
    expect(api.evictions).toHaveLength(1)
    expect(guard.log().find((line) => line['@message'] === 'pod not evicted')).toMatchObject({
      pod: 'old',
      owner_pause_s: 10,
      ...fields,
    })
    expect(await guard.metrics()).toContain(`evictions_total{result="${result}"} 1\n`)
    api.evictionStatus = 201
    await guard.pass(10_000)
    await guard.events(1)
    expect(api.evictions).toHaveLength(2)
  })

  test('forgets a pod that was gone before', async () => {
    api.set('old', pod(Date.now(), { ageMs: 60_000, ...ownedBy('rs') }))
    api.evictionStatus = 404
    const guard = await startSynced({ evict: true })
    await guard.pass(1_000)
    await guard.pass(60_000)
    expect(api.evictions).toHaveLength(1)
    expect(told(guard, 'pod not evicted')).toEqual([])
  })
})
