import { expect, test } from '@jest/globals'
import { createErrorWriter } from '../../../agent/standard-error.ts'

test('what nobody reads is dropped beyond a megabyte, and its size is told when somebody does', () => {
  const written: string[] = []
  const stream = {
    writableLength: 0,
    write: (chunk: string | Uint8Array) => written.push(String(chunk)) > 0,
  }
  const write = createErrorWriter(() => stream)
  write('one\n')
  stream.writableLength = 1024 * 1024 + 1
  write('two\n')
  write(Buffer.from('three\n'))
  stream.writableLength = 0
  write('four\n')
  write('five\n')
  expect(written).toEqual(['one\n', '(10 bytes of the log were dropped)\n', 'four\n', 'five\n'])
})
