/** Whatever happens to the waiter's model, it keeps what docs/waiter.md promises. */
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  advance,
  type LastWord,
  maxCrashes,
  pauseAfter,
  startWaiter,
  stopMs,
  type Transition,
  type WaiterEvent,
} from '../../support/waiter/model.ts'

const lastWord: fc.Arbitrary<LastWord> = fc.record(
  {
    due: fc.nat(1_000_000),
    endMs: fc.nat(60_000),
    watched: fc.constant([]),
    sockets: fc.constant([]),
  },
  { requiredKeys: ['watched', 'sockets'] },
)
const event: fc.Arbitrary<WaiterEvent> = fc.oneof(
  fc
    .tuple(fc.constantFrom(0, 0, 0, 1), fc.option(lastWord, { nil: undefined }))
    .map(([code, word]) => ({ kind: 'exit' as const, code, ...(word && { word }) })),
  fc.constantFrom(9, 15).map((signal) => ({ kind: 'crash' as const, signal })),
  fc
    .constantFrom('SIGTERM' as const, 'SIGINT' as const, 'SIGHUP' as const, 'SIGUSR1' as const)
    .map((signal) => ({ kind: 'signal' as const, signal })),
  fc
    .constantFrom('time' as const, 'change' as const, 'connection' as const)
    .map((kind) => ({ kind })),
)

interface Passage {
  readonly before: Transition
  readonly event: WaiterEvent
  readonly after: Transition
  readonly now: number
}

/** What comes of the events that can come in the state that each finds. */
function live(events: readonly WaiterEvent[]): readonly Passage[] {
  const passages: Passage[] = []
  let before = startWaiter()
  let now = 0
  for (const next of events) {
    const isOfProgram = next.kind === 'exit' || next.kind === 'crash'
    if (before.state.kind === 'ended') break
    if (isOfProgram && before.state.kind !== 'running') continue
    now += 10
    const after = advance(before.state, next, { now, chance: 0.5 })
    passages.push({ before, event: next, after, now })
    before = after
  }
  return passages
}

function always(check: (passage: Passage) => void): void {
  const holds = fc.property(fc.array(event, { maxLength: 80 }), (events) => {
    for (const passage of live(events)) check(passage)
  })
  fc.assert(holds, { numRuns: 2000 })
}

const kinds = ({ actions }: Transition) => actions.map(({ kind }) => kind)

test('the program runs at most once, and is started whenever the state says that it runs', () => {
  always(({ before, after, event: { kind } }) => {
    const isNew = kinds(after).includes('start')
    if (isNew) expect(after.state.kind).toBe('running')
    if (isNew && before.state.kind === 'running') expect(['exit', 'crash']).toContain(kind)
    if (after.state.kind === 'running' && before.state.kind !== 'running') expect(isNew).toBe(true)
  })
})

test('it ends exactly when it says so', () => {
  always(({ after }) => expect(kinds(after).includes('end')).toBe(after.state.kind === 'ended'))
})

test('SIGTERM leads to the end: at once, by a last start, or by a program that has a deadline', () => {
  always(({ before, event: found, after, now }) => {
    if (found.kind !== 'signal' || found.signal !== 'SIGTERM' || after.state.kind === 'ended')
      return
    if (after.state.kind !== 'running') throw new Error('it sleeps on')
    expect(after.state.isStopping || after.state.isLast).toBe(true)
    const isNew =
      before.state.kind !== 'running' || !(before.state.isStopping || before.state.isLast)
    const until = after.state.isLast ? now + (after.state.endMs ?? 0) : now + stopMs
    if (isNew) expect(after.actions.at(-1)).toEqual({ kind: 'sleep', until })
  })
})

test('after SIGTERM nothing but the end is started', () => {
  always(({ before, after }) => {
    if (before.state.kind !== 'running' || !(before.state.isStopping || before.state.isLast)) return
    for (const action of after.actions)
      if (action.kind === 'start')
        expect([action.cause, before.state.isLast]).toEqual(['end', false])
  })
})

test('a program that has not ended in time is killed, and nothing comes after it', () => {
  always(({ before, event: { kind }, after }) => {
    if (before.state.kind !== 'running' || kind !== 'time') return
    expect(after.actions).toEqual([{ kind: 'kill' }, { kind: 'end', code: 137 }])
  })
})

test('an end is started only if the latest last word asked for it', () => {
  always(({ before, event: found, after }) => {
    for (const action of after.actions) {
      if (action.kind !== 'start' || action.cause !== 'end') continue
      const asked = found.kind === 'exit' ? found.word?.endMs : readEnd(before)
      expect(asked).toBeDefined()
    }
  })
})

function readEnd({ state }: Transition): number | undefined {
  return state.kind === 'ended' ? undefined : state.endMs
}

test('as many crashes in a row as may be, and no more', () => {
  let transition = startWaiter()
  for (let crash = 1; crash < maxCrashes; crash++) {
    transition = advance(transition.state, { kind: 'crash', signal: 9 }, { now: 0, chance: 0 })
    expect(transition.actions).toEqual([{ kind: 'sleep', until: 500 * 2 ** (crash - 1) }])
    transition = advance(transition.state, { kind: 'time' }, { now: 0, chance: 0 })
  }
  transition = advance(transition.state, { kind: 'crash', signal: 9 }, { now: 0, chance: 0 })
  expect(transition.state).toEqual({ kind: 'ended', code: 137 })
})

test('a pause doubles to a minute, half of it by chance', () => {
  const half = fc.property(
    fc.integer({ min: 1, max: 40 }),
    fc.double({ min: 0, max: 0.999, noNaN: true }),
    (crashes, chance) => {
      const whole = Math.min(60_000, 1000 * 2 ** (crashes - 1))
      const pause = pauseAfter(crashes, chance)
      expect(pause >= whole / 2 && pause < whole).toBe(true)
    },
  )
  fc.assert(half)
})
