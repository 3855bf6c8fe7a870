import { describe, expect, test } from '@jest/globals'
import { AppError } from '../../../../core/errors.ts'
import { createPromise, createRecorder, seen } from '../../../support/tracing.ts'

const read = { name: 'read_secret', attributes: { 'claviger.store.name': 'x' } } as const
const nothing = () => ({})

describe('a root', () => {
  test('has what was asked under it, and ends last', async () => {
    const recorder = createRecorder()
    const answer = await recorder.runRoot(
      'agent_step',
      () => recorder.run(read, async () => 'value'),
      () => ({ attributes: { 'claviger.step.files': 1 } }),
    )
    expect(answer).toBe('value')
    const { spans } = recorder.take()
    expect(spans.map(seen)).toEqual([
      { name: 'read_secret', 'claviger.store.name': 'x', 'claviger.outcome': 'ok' },
      { name: 'agent_step', 'claviger.step.files': 1 },
    ])
    const [child, root] = spans
    expect(child?.root).toBe(root?.identity)
    expect(root?.root).toBeUndefined()
    expect(child?.startedAt).toBeGreaterThan(root?.startedAt ?? Infinity)
    expect(child?.endedAt).toBeLessThan(root?.endedAt ?? 0)
    expect(JSON.stringify(spans)).not.toContain('value')
    expect(recorder.take().spans).toEqual([])
  })

  test('under which nothing was asked is none', async () => {
    const recorder = createRecorder()
    await recorder.runRoot('agent_step', async () => undefined, nothing)
    expect(recorder.take().spans).toEqual([])
  })

  test('is the root of what outlasts it', async () => {
    const recorder = createRecorder()
    const answer = createPromise()
    let late: Promise<string> | undefined
    await recorder.runRoot(
      'agent_step',
      async () => {
        late = recorder.run(read, () => answer.promise)
      },
      nothing,
    )
    const [root] = recorder.take().spans
    await recorder.runRoot('agent_step', () => recorder.run(read, async () => ''), nothing)
    answer.resolve('')
    await late
    const { spans } = recorder.take()
    expect(spans.map((span) => span.root === root?.identity)).toEqual([false, false, true])
  })

  test('that is cut off ends with those that are there', async () => {
    const recorder = createRecorder()
    const never = new Promise<string>(() => undefined)
    void recorder.runRoot(
      'agent_step',
      async () => {
        await recorder.run(read, async () => '')
        return never
      },
      nothing,
    )
    await Promise.resolve()
    while (recorder.take().spans.length === 0) await Promise.resolve()
    recorder.endRoot()
    expect(recorder.take().spans.map(({ name }) => name)).toEqual(['agent_step'])
  })
})

test.each([
  [new AppError('store_busy', { status: 429 }), 'store_busy'],
  [new Error('canary'), 'internal'],
  ['canary', 'internal'],
])('a rejection goes on, and is told by its code: %#', async (thrown, code) => {
  const recorder = createRecorder()
  const work = () => recorder.run(read, () => Promise.reject(thrown))
  await expect(recorder.runRoot('agent_step', work, nothing)).rejects.toBe(thrown)
  const { spans } = recorder.take()
  expect(spans.map(({ error }) => error)).toEqual([code, code])
  expect(JSON.stringify(spans)).not.toContain('canary')
})

test('what there is no room for is counted', async () => {
  const recorder = createRecorder()
  for (let count = 0; count < 10_005; count++) await recorder.run(read, async () => '')
  const { spans, dropped } = recorder.take()
  expect([spans.length, dropped]).toEqual([10_000, 5])
  expect(recorder.take()).toEqual({ spans: [], dropped: 0 })
})
