import { describe, expect, test } from '@jest/globals'
import { editYaml } from '../../../../cli/manifests/edit-yaml.ts'
import { readYaml } from '../../../../cli/manifests/yaml.ts'

function edit(source: string, change: (value: Record<string, unknown>) => unknown): string {
  const reading = readYaml(source)
  if (reading.kind !== 'value') throw new Error(reading.expected)
  return editYaml(source, reading.value, change(JSON.parse(JSON.stringify(reading.value))))
}

const added = [{ name: 'a' }, { name: 'b', x: [1] }]

describe('editYaml', () => {
  test.each<[string, string, (value: Record<string, unknown>) => unknown, string]>([
    ['adds a key', 'a: 1 # one\n# end\n', (v) => ({ ...v, b: 2 }), 'a: 1 # one\nb: 2\n# end\n'],
    ['adds a key without a last newline', 'a: 1', (v) => ({ ...v, b: 2 }), 'a: 1\nb: 2'],
    ['keeps Windows’ lines', 'a: 1\r\n', (v) => ({ ...v, b: [1] }), 'a: 1\r\nb:\r\n- 1\r\n'],
    [
      'appends to a list at its indentation',
      'l:\n    - name: a # x\n',
      () => ({ l: added }),
      'l:\n    - name: a # x\n    - name: b\n      x:\n      - 1\n',
    ],
    [
      'inserts in front and in between',
      'l:\n- name: b\n  x: [1]\n- name: c\n',
      () => ({ l: [...added, { name: 'd' }, { name: 'c' }] }),
      'l:\n- name: a\n- name: b\n  x: [1]\n- name: d\n- name: c\n',
    ],
    [
      'fills what is empty',
      'a:\nb: {}\nc: [] # c\n',
      () => ({ a: { x: 1 }, b: { z: 2 }, c: [3] }),
      'a:\n  x: 1\nb:\n  z: 2\nc:\n  - 3 # c\n',
    ],
    ['fills null', 'a: null\nb: ~\n', () => ({ a: { x: 1 }, b: 2 }), 'a: {x: 1}\nb: 2\n'],
    [
      'adds inside of brackets',
      "a: { b: 'c' }\nd: [1, ]\n",
      () => ({ a: { b: 'c', e: 1 }, d: [1, 2] }),
      "a: { b: 'c', e: 1 }\nd: [1, 2, ]\n",
    ],
    ['replaces a scalar', 'a: "x" # c\n', () => ({ a: 'w' }), 'a: w # c\n'],
    [
      'goes before blank lines after a block of text',
      'a: |\n  t\n\n\nb: 1\n',
      (v) => ({ ...v, c: 3 }),
      'a: |\n  t\n\n\nb: 1\nc: 3\n',
    ],
    [
      'adds behind a block of text',
      'm:\n  a: |\n    t\n\nb: 1\n',
      (v) => ({ ...v, m: { a: 't\n', c: 3 } }),
      'm:\n  a: |\n    t\n  c: 3\n\nb: 1\n',
    ],
    [
      'keeps anchors that do not change',
      'a: &x { p: 1 }\nb: *x\n',
      (v) => ({ ...v, c: 3 }),
      'a: &x { p: 1 }\nb: *x\nc: 3\n',
    ],
  ])('%s', (_, source, change, expected) => {
    expect(edit(source, change)).toBe(expected)
  })

  test.each<[string, string, (value: Record<string, unknown>) => unknown]>([
    ['an alias', 'a: &x {p: 1}\nb: *x\n', (v) => ({ ...v, b: { p: 1, q: 2 } })],
    ['a node that aliases show', 'a: &x {p: 1}\nb: *x\n', (v) => ({ ...v, a: { p: 1, q: 2 } })],
    ['a merged key', 'a: &x {p: 1}\nb:\n  <<: *x\n', (v) => ({ ...v, b: { p: 2 } })],
    ['a block of text', 'a: |\n  t\n', () => ({ a: 'u' })],
    ['a key that goes', 'a: 1\nb: 2\n', () => ({ a: 1 })],
    ['the kind of the whole', 'a: 1\n', () => [1]],
    ['text that keeps its blank lines', 'a: |+\n  t\n\n', (v) => ({ ...v, b: 1 })],
  ])('%s: whatever the spelling, the value is right', (_, source, change) => {
    const reading = readYaml(edit(source, change))
    const before = readYaml(source)
    const value = before.kind === 'value' ? JSON.parse(JSON.stringify(before.value)) : {}
    expect(reading).toMatchObject({ kind: 'value', value: change(value) })
  })

  test('a long line of brackets is unfolded', () => {
    const long = Array.from({ length: 40 }, (_, n) => n)
    expect(edit('a: {b: [1]}\n', () => ({ a: { b: long } }))).toMatch(/^a:\n {2}b:\n {2}- 0\n/)
  })
})
