import { describe, expect, test } from '@jest/globals'
import { CommandQueue } from '../../../../agent/commands/command-queue.ts'
import type { CommandRun } from '../../../../agent/plan/commands.ts'
import { AppError } from '../../../../core/errors.ts'

const reload = { words: ['reload'], timeoutMs: 30_000 }

function run(causes: Readonly<Record<string, string>>, command = reload): CommandRun {
  return { command, causes: new Map(Object.entries(causes)) }
}

/** A queue whose commands end when the test says so. */
function startQueue() {
  const running: ((error?: AppError) => void)[] = []
  let ends = 0
  const queue = new CommandQueue(
    () => new Promise((resolve) => void running.push(resolve)),
    () => ends++,
  )
  const end = async (error?: AppError) => {
    running.at(-1)?.(error)
    await settle()
  }
  return { queue, running, end, ends: () => ends }
}

const settle = () => new Promise<void>((resolve) => void setImmediate(resolve))

describe('the queue of commands', () => {
  test('runs one after the other and tells of each end', async () => {
    const { queue, running, end, ends } = startQueue()
    queue.add([run({ '/a': '1' }), run({ '/b': '1' }, { ...reload, words: ['restart'] })])
    await settle()
    expect(running).toHaveLength(1)
    await end(new AppError('command_failed'))
    expect([running.length, ends()]).toEqual([2, 1])
    await end()
    await queue.idle()
    const outcomes = queue.take().map(({ error, run: { causes } }) => [error?.code, [...causes]])
    expect(outcomes).toEqual([
      ['command_failed', [['/a', '1']]],
      [undefined, [['/b', '1']]],
    ])
    expect(queue.take()).toEqual([])
  })

  test.each([
    ['is not added twice', { '/a': '1' }, []],
    ['is added for other content', { '/a': '2' }, [['/a', '2']]],
    ['is added only for what else has changed', { '/a': '1', '/b': '1' }, [['/b', '1']]],
  ])('what is under way %s', async (_, again, expected) => {
    const { queue, running, end } = startQueue()
    queue.add([run({ '/a': '1' })])
    await settle()
    queue.add([run(again)])
    await end()
    expect(running).toHaveLength(1 + Math.min(1, expected.length))
    await end()
    const [, ...others] = queue.take().map(({ run: { causes } }) => [...causes])
    expect(others.flat()).toEqual(expected)
  })

  test('what has ended may be added once more', async () => {
    const { queue, running, end } = startQueue()
    queue.add([run({ '/a': '1' })])
    await settle()
    await end()
    queue.add([run({ '/a': '1' })])
    await settle()
    expect(running).toHaveLength(2)
  })
})
