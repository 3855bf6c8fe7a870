/** What comes through a pipe while somebody interrupts it. */
import { PassThrough } from 'node:stream'
import { describe, expect, test } from '@jest/globals'
import { readInput } from '../../../cli/standard-input.ts'

const read = async (input: PassThrough, stop: AbortSignal, graceMs = 0) => {
  const chunks: Uint8Array[] = []
  for await (const chunk of readInput(input, { stop, graceMs })) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

describe('standard input', () => {
  test('is read to its end', async () => {
    const input = new PassThrough()
    input.end('all of it')
    expect(await read(input, new AbortController().signal)).toBe('all of it')
  })

  test.each<[string, number]>([
    ['while it is waited for', 0],
    ['as it ends', 60_000],
  ])('counts for nothing where it is interrupted %s', async (_when, graceMs) => {
    const { signal, abort } = withAbort()
    const input = new PassThrough()
    input.write('half')
    const text = read(input, signal, graceMs)
    if (graceMs > 0) input.end()
    setImmediate(abort)
    await expect(text).rejects.toMatchObject({ code: 'input_invalid' })
  })

  test('counts for nothing after an interrupt', async () => {
    await expect(read(new PassThrough(), AbortSignal.abort())).rejects.toMatchObject({
      code: 'input_invalid',
    })
  })
})

function withAbort() {
  const controller = new AbortController()
  return { signal: controller.signal, abort: () => controller.abort() }
}
