/** What OpenTelemetry's SDK makes of what was recorded. */
import { describe, expect, test } from '@jest/globals'
import { createEncoder, type EncoderOptions } from '../../../../core/tracing/encoder.ts'
import type { Recorder } from '../../../../core/tracing/recorder.ts'
import { createPromise, createRecorder } from '../../../support/tracing.ts'

const options: EncoderOptions = {
  resource: { 'service.name': 'mine' },
  sampler: { name: 'parentbased_always_on', ratio: 1 },
  version: '1.2.3',
  parent: {},
}
const read = { name: 'read_secret', attributes: {} } as const
const step = (recorder: Recorder) =>
  recorder.runRoot(
    'agent_step',
    () => recorder.run(read, async () => ''),
    () => ({}),
  )

function decode(bytes: Uint8Array | undefined) {
  const { resourceSpans } = JSON.parse(Buffer.from(bytes ?? '{"resourceSpans":[]}').toString())
  return resourceSpans.flatMap(({ scopeSpans }: { scopeSpans: { spans: object[] }[] }) =>
    scopeSpans.flatMap(({ spans }) => spans),
  )
}

const traceId = '0af7651916cd43dd8448eb211c80319c'
const spanId = 'b7ad6b7169203331'

describe('a parent outside', () => {
  test.each([
    ['parentbased_always_on', '01', 2],
    ['parentbased_always_on', '00', 0],
    ['parentbased_always_off', '01', 2],
    ['always_on', '00', 2],
    ['always_off', '01', 0],
  ] as const)('%s with flags %s: %d spans', async (name, flags, count) => {
    const encode = createEncoder({
      ...options,
      sampler: { name, ratio: 1 },
      parent: { traceparent: `00-${traceId}-${spanId}-${flags}` },
    })
    const recorder = createRecorder()
    await step(recorder)
    const bytes = encode(recorder.take().spans)
    expect(bytes === undefined).toBe(count === 0)
    const spans = decode(bytes)
    expect(spans).toHaveLength(count)
    if (count === 0) return
    expect(spans[0]).toMatchObject({ name: 'agent_step', traceId, parentSpanId: spanId })
    expect(spans[1]).toMatchObject({ traceId, parentSpanId: spans[0].spanId })
  })

  test.each(['', 'nonsense', `00-${'0'.repeat(32)}-${spanId}-01`, `ff-${traceId}-${spanId}-01`])(
    'that is none is none: %s',
    async (traceparent) => {
      const encode = createEncoder({ ...options, parent: { traceparent } })
      const recorder = createRecorder()
      await step(recorder)
      const [root] = decode(encode(recorder.take().spans))
      expect(root.parentSpanId).toBeUndefined()
      expect(root.traceId).not.toBe(traceId)
    },
  )
})

test('a ratio keeps whole traces, and some of them', async () => {
  const encode = createEncoder({ ...options, sampler: { name: 'traceidratio', ratio: 0.5 } })
  const recorder = createRecorder()
  for (let count = 0; count < 200; count++) await step(recorder)
  const spans = decode(encode(recorder.take().spans))
  const roots = spans.filter(({ name }: { name: string }) => name === 'agent_step')
  expect(spans).toHaveLength(2 * roots.length)
  // Each with one half: all or none of 200 will not be seen.
  expect(roots.length).toBeGreaterThan(0)
  expect(roots.length).toBeLessThan(200)
})

test('times are those that were noted', async () => {
  const recorder = createRecorder()
  await step(recorder)
  const { spans } = recorder.take()
  const [root] = decode(createEncoder(options)(spans))
  const noted = spans.find(({ name }) => name === 'agent_step')
  expect(BigInt(root.startTimeUnixNano) / 1_000_000n).toBe(BigInt(noted?.startedAt ?? 0))
  expect(BigInt(root.endTimeUnixNano) / 1_000_000n).toBe(BigInt(noted?.endedAt ?? 0))
})

test('what outlasted its root is sent with it as its parent later', async () => {
  const encode = createEncoder(options)
  const recorder = createRecorder()
  const answer = createPromise()
  let late: Promise<string> | undefined
  await recorder.runRoot(
    'agent_step',
    async () => {
      late = recorder.run(read, () => answer.promise)
    },
    () => ({}),
  )
  const [root] = decode(encode(recorder.take().spans))
  answer.resolve('')
  await late
  const [child] = decode(encode(recorder.take().spans))
  expect(child).toMatchObject({ traceId: root.traceId, parentSpanId: root.spanId })
})
