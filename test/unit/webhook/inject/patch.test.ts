import { expect, test } from '@jest/globals'
import jsonPatch from 'fast-json-patch'
import { formatPointer } from '../../../../webhook/inject/build/patch-pointer.ts'

test.each([
  [['a', 'b'], '/a/b'],
  [['a/b', 'm~n'], '/a~1b/m~0n'],
  [['~1'], '/~01'],
  [[''], '/'],
  [[], ''],
])('%j is %j', (segments, pointer) => {
  expect(formatPointer(segments)).toBe(pointer)
})

test('fast-json-patch finds what the pointer names', () => {
  const document = { 'x/y~1': { '': 1 } }
  expect(jsonPatch.getValueByPointer(document, formatPointer(['x/y~1', '']))).toBe(1)
})
