import { expect, test } from '@jest/globals'
import { patchContainer } from '../../../../../webhook/inject/build/container-patch.ts'

const container = { name: 'agent', args: ['a', 'b'], resources: { limits: { cpu: '1' } } }

function apply(operations: unknown, lenient: boolean) {
  return patchContainer(container, { text: JSON.stringify(operations), path: 'the-patch', lenient })
}

/** Source: evanphx/json-patch, which vault-k8s applies, but for what the standard says too. */
test.each<[string, readonly object[], object]>([
  [
    'replace adds what is not there',
    [{ op: 'replace', path: '/image', value: 'i' }],
    { ...container, image: 'i' },
  ],
  [
    'of two spellings of a key the later one in order counts',
    [{ op: 'add', path: '/Name', value: 'other' }],
    container,
  ],
  ['an absent value is null', [{ op: 'add', path: '/args' }], { ...container, args: undefined }],
  [
    'a negative index counts from the end',
    [
      { op: 'replace', path: '/args/-1', value: 'z' },
      { op: 'remove', path: '/args/-2' },
    ],
    { ...container, args: ['z'] },
  ],
  [
    'adding at -1 appends',
    [{ op: 'add', path: '/args/-1', value: 'c' }],
    { ...container, args: ['a', 'b', 'c'] },
  ],
  [
    'moving and copying',
    [
      { op: 'copy', from: '/args/0', path: '/args/-' },
      { op: 'move', from: '/name', path: '/image' },
    ],
    { name: '', image: 'agent', args: ['a', 'b', 'a'], resources: container.resources },
  ],
  [
    'a test that holds',
    [
      { op: 'test', path: '/args/1', value: 'b' },
      { op: 'test', path: '/image', value: null },
    ],
    container,
  ],
  [
    'replacing the whole',
    [{ op: 'replace', path: '', value: { name: 'other' } }],
    { name: 'other', resources: {} },
  ],
])('%s, in the lenient dialect', (_, operations, expected) => {
  const { problems, container: patched } = apply(operations, true)
  expect(problems).toEqual([])
  expect(patched).toEqual(JSON.parse(JSON.stringify(expected)))
})

test.each<[boolean, unknown]>([
  [true, [{ op: 'remove', path: '/image' }]],
  [true, [{ op: 'add', path: '/args/9', value: 'x' }]],
  [true, [{ op: 'add', path: '/env/0/name', value: 'x' }]],
  [true, [{ op: 'add', path: '', value: {} }]],
  [true, [{ op: 'replace', path: '', value: 'text' }]],
  [true, [{ op: 'test', path: '/image', value: 'x' }]],
  [true, [{ op: 'move', path: '/image' }]],
  [true, [{ op: 'frobnicate', path: '/image' }]],
  [true, [{ op: 'remove' }]],
  [true, [null]],
  [false, [{ op: 'replace', path: '/image', value: 'i' }]],
  [false, [{ op: 'remove', path: '/args/-1' }]],
  [false, [{ op: 'replace', path: '/name', value: 'other' }]],
  [
    false,
    [
      { op: 'replace', path: '', value: { name: 'agent' } },
      { op: 'remove', path: '' },
    ],
  ],
  [false, [{ op: 'add', path: '/image', value: 5 }]],
  [false, [{ op: 'add', path: '/__proto__/x', value: 1 }]],
  [false, [{ op: 'add', path: '/constructor/prototype/x', value: 1 }]],
  [false, Array.from({ length: 101 }, () => ({ op: 'test', path: '/name', value: 'agent' }))],
  [false, [{ op: 'add', path: '/image', value: 'x'.repeat(70_000) }]],
])('lenient %j: %j is refused, with the annotation named', (lenient, operations) => {
  const { problems, container: kept } = apply(operations, lenient)
  expect(problems).toMatchObject([{ code: 'json_patch', path: 'the-patch', stage: 'patch' }])
  expect(kept).toEqual(container)
  expect(Object.keys(Object.prototype)).toEqual([])
})

test('null is an empty patch', () => {
  expect(apply(null, true)).toMatchObject({ problems: [], container: { name: 'agent' } })
})
