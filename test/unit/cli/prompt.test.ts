/** Questions at the keyboard: what is shown, what is taken. */
import { PassThrough } from 'node:stream'
import { expect, test } from '@jest/globals'
import { createAsk } from '../../../cli/prompt.ts'

function openKeyboard() {
  const input = new PassThrough()
  const output = new PassThrough()
  const shown = () => String(output.read() ?? '')
  const stopping = new AbortController()
  const ask = createAsk({ input, output, stop: stopping.signal })
  return { input, shown, ask, stopping }
}

test('takes a line that nobody sees', async () => {
  const { input, shown, ask } = openKeyboard()
  const answer = ask({ text: 'Value: ', isHidden: true })
  input.write('hunter2\r')
  expect(await answer).toBe('hunter2')
  expect(shown()).toBe('Value: \n')
})

test('takes a line that is seen', async () => {
  const { input, shown, ask } = openKeyboard()
  const answer = ask({ text: 'Sure? ', isHidden: false })
  input.write('yes\r')
  expect(await answer).toBe('yes')
  expect(shown()).toContain('Sure? ')
})

test.each([
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
])('%s is no answer', async (_, key) => {
  const { input, ask } = openKeyboard()
  const answer = ask({ text: 'Value: ', isHidden: true })
  input.write(key)
  expect(await answer).toBeUndefined()
})

test('a signal ends the question', async () => {
  const { ask, stopping } = openKeyboard()
  const answer = ask({ text: 'Value: ', isHidden: true })
  stopping.abort()
  expect(await answer).toBeUndefined()
})

test.each(['one\rtwo\r', 'one\rtwo'])('refuses several lines: %j', async (pasted) => {
  const { input, ask } = openKeyboard()
  const answer = ask({ text: 'Value: ', isHidden: true })
  input.write(pasted)
  await expect(answer).rejects.toMatchObject({ code: 'input_invalid' })
})

test('asks again where the first answer ended', async () => {
  const { input, ask } = openKeyboard()
  const first = ask({ text: 'Value: ', isHidden: true })
  input.write('one\r')
  expect(await first).toBe('one')
  const second = ask({ text: 'Once more: ', isHidden: true })
  input.write('two\r')
  expect(await second).toBe('two')
})
