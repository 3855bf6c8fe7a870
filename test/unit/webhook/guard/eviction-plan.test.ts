import { describe, expect, test } from '@jest/globals'
import { EvictionPlan } from '../../../../webhook/guard/eviction-plan.ts'
import type { JudgedPod } from '../../../../webhook/guard/judge.ts'
import type { Suspect } from '../../../../webhook/guard/suspects.ts'

const second = 1000
const minute = 60 * second
const start = 1_000_000 * second
const always = (_: Suspect) => true

interface Input extends Partial<JudgedPod> {
  /** Seconds after the start. */
  readonly at?: number
  readonly owner?: string | undefined
}

function suspect(name: string, { at = 0, owner = 'a', ...more }: Input = {}): Suspect {
  const createdAt = start + at * second
  const controller = owner === '' ? undefined : { kind: 'ReplicaSet', name: owner, uid: owner }
  const judgement = 'missed'
  const pod = {
    uid: name,
    namespace: 'n',
    name,
    createdAt,
    controller,
    judgement,
    ...more,
  } as const
  return { pod, heardAt: createdAt }
}

/** Plans and carries out what is due each second; `seconds → pod`. */
function simulate(
  until: number,
  suspects: (at: number, evicted: readonly string[]) => readonly Suspect[],
) {
  const plan = new EvictionPlan(10)
  const evictions: [number, string][] = []
  for (let at = 0; at <= until; at++) {
    const now = start + at * second
    const names = evictions.map(([, name]) => name)
    const planned = plan.next(suspects(at, names), always, now)
    if (planned === undefined) continue
    plan.evicted(planned, { now, chance: 0 })
    evictions.push([at, planned.pod.name])
  }
  return evictions
}

describe('the next eviction', () => {
  const next = (suspects: readonly Suspect[], isDue = always) =>
    new EvictionPlan(10).next(suspects, isDue, start)?.pod.name

  test('is the oldest pod that has had its grace', () => {
    const pods = [suspect('young', { at: 3 }), suspect('old', { at: 1 }), suspect('mid', { at: 2 })]
    expect(next(pods)).toBe('old')
    expect(next(pods, ({ pod }: Suspect) => pod.name !== 'old')).toBe('mid')
  })

  test.each<[string, Input]>([
    ['nothing would replace', { owner: '' }],
    ['the webhook would refuse', { judgement: 'invalid' }],
  ])('is no pod that %s', (_, input) => {
    expect(next([suspect('x', input)])).toBeUndefined()
  })
})

describe('a replacement that is not injected either', () => {
  test('makes the pauses of its owner grow from a minute to an hour', () => {
    const evictions = simulate(6 * 3600, (at, evicted) => [suspect(`p${evicted.length}`, { at })])
    const pauses = evictions.map(([at], index) => at - (evictions[index - 1]?.[0] ?? 0)).slice(1)
    expect(pauses).toEqual([60, 120, 240, 480, 960, 1920, 3600, 3600, 3600, 3600])
  })

  test('does so only while it is the same owner’s', () => {
    const plan = new EvictionPlan(10)
    const moment = (at: number) => ({ now: start + at * second, chance: 0 })
    const first = plan.next([suspect('a0')], always, start)
    if (first === undefined) throw new Error('expected an eviction')
    expect(plan.evicted(first, moment(0))).toBe(minute)
    const later = plan.next([suspect('a1', { at: 1 })], always, start + minute)
    expect(later?.attempt).toBe(2)
    const healed = plan.next([suspect('a-old', { at: -5 })], always, start + minute)
    expect(healed?.attempt).toBe(1)
  })
})

describe('without a pod that was injected since the last eviction', () => {
  const owners = Array.from({ length: 6 }, (_, index) => `o${index}`)
  const left = (_: number, evicted: readonly string[]) =>
    owners.filter((owner) => !evicted.includes(owner)).map((owner) => suspect(owner, { owner }))

  test('the whole cluster waits longer and longer', () => {
    const times = simulate(3600, left).map(([at]) => at)
    expect(times).toEqual([0, 60, 180, 420, 900, 1860])
  })

  test('and with one, it goes on as fast as it may', () => {
    const plan = new EvictionPlan(10)
    const times: number[] = []
    const evicted: string[] = []
    for (let at = 0; at <= 60; at++) {
      const now = start + at * second
      const planned = plan.next(left(at, evicted), always, now)
      if (planned === undefined) continue
      times.push(at)
      evicted.push(planned.pod.name)
      plan.evicted(planned, { now: now + 400, chance: 0 })
      plan.injected(suspect('before', { at: at - 1 }).pod)
      plan.injected(suspect('after', { at }).pod)
    }
    expect(times).toEqual([0, 7, 14, 21, 28, 35])
  })
})

test('what the API server refuses is tried again after growing pauses, others meanwhile', () => {
  const plan = new EvictionPlan(10)
  const tries: [number, string][] = []
  for (let at = 0; at <= 90; at++) {
    const now = start + at * second
    const planned = plan.next([suspect('x'), suspect('y', { at: 1, owner: 'b' })], always, now)
    if (planned === undefined) continue
    tries.push([at, planned.pod.name])
    plan.refused(planned, { now, chance: 0 })
  }
  expect(tries).toEqual([
    [0, 'x'],
    [6, 'y'],
    [12, 'x'],
    [18, 'y'],
    [32, 'x'],
    [38, 'y'],
    [72, 'x'],
    [78, 'y'],
  ])
})
