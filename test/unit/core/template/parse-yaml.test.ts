import { describe, expect, test } from '@jest/globals'
import { render } from './render.ts'

const read = (text: string, words = 'printf "%v"') =>
  render(`{{ parseYAML (env "TEXT") | ${words} }}`, { environment: { TEXT: text } })

describe('parseYAML', () => {
  test.each([
    ['a: 1\nb: [x, {z: no}]', 'map[a:1 b:[x map[z:false]]]'],
    ['- - 1\n  - 0x1F\n-\n- ~', '[[1 31] <nil> <nil>]'],
    ['l:\n- a\n- b', 'map[l:[a b]]'],
    ['? [1]\n: x', undefined],
    ['? k\n: v\nnull: m', 'map[<nil>:m k:v]'],
    ['1: a\ntrue: b\n1.5: c\nd: e', 'map[d:e 1:a 1.5:c true:b]'],
    ['{a, b: , "c":d}', 'map[a:<nil> b:<nil> c:d]'],
    ['[a: b, ? c : d]', '[map[a:b] map[c:d]]'],
    ['a: &x {k: 1, j: 1}\nb:\n  <<: *x\n  k: 2', 'map[a:map[j:1 k:1] b:map[j:1 k:2]]'],
    ['b: {<<: [{k: 1}, {k: 2, j: 3}]}', 'map[b:map[j:3 k:1]]'],
    ['t: |2\n   x\n  y\n\nu: >+\n  a\n  b\n\n   c\n\n', 'map[t: x\ny\n u:a b\n\n c\n\n]'],
    ['"a\\\n   b\\x41\\u00e9"', 'abAé'],
    ["'it''s\n\n  two'", "it's\ntwo"],
    ['a: 1 # c\n# d\nb: x#y', 'map[a:1 b:x#y]'],
    ['%TAG !e! tag:e,1:\n---\n!e!x 5\n...\nrest: [', '5'],
    ['a: !!str 5\nb: !!float 5\nc: !!binary aGk=\nd: ! 5', 'map[a:5 b:5 c:hi d:5]'],
    ['__proto__: 1\nconstructor: 2', 'map[__proto__:1 constructor:2]'],
    ['', 'map[]'],
    ['# only a comment', '<nil>'],
    ['😀: é', 'map[😀:é]'],
  ])('%j', (text, output) => {
    if (output === undefined) expect(() => read(text)).toThrow('invalid map key')
    else expect(read(text)).toBe(output)
  })

  test('keys of any type can be asked for', () => {
    const text = '1: one\ntrue: yes\nname: x'
    expect(read(text, 'printf "%T"')).toBe('map[interface {}]interface {}')
    const words =
      '{{ with parseYAML (env "T") }}{{ index . 1 }} {{ index . true }} {{ .name }}{{ end }}'
    expect(render(words, { environment: { T: text } })).toBe('one true x')
    expect(() => read(text, 'toJSON')).toThrow('unsupported type: map[interface {}]interface {}')
  })

  test.each([
    ['a: b: c', 'yaml: mapping values are not allowed in this context'],
    ['a: 1\nb: "x', 'yaml: line 2: found unexpected end of stream'],
    ['a:\n\t- x', 'yaml: line 2: found character that cannot start any token'],
    ['[1, 2', "yaml: line 1: did not find expected ',' or ']'"],
    ['a: *nope', "yaml: unknown anchor 'nope' referenced"],
    ['a: &x [*x]', "yaml: anchor 'x' value contains itself"],
    ['a: &x 1\n<<: *x', 'yaml: map merge requires map or sequence of maps as the value'],
    ['a: !!int x', 'yaml: cannot decode !!str `x` as a !!int'],
    ['"\\q"', 'yaml: found unknown escape character'],
    ['%NO x\n---', 'yaml: found unknown directive name'],
    ['a: \x01', 'yaml: control characters are not allowed'],
  ])('%j fails: %s', (text, message) => {
    expect(() =>
      render(`{{ parseYAML ${JSON.stringify(text).replace('\\u0001', '\\x01')} }}`),
    ).toThrow(message)
  })

  test('a document that grows by its aliases is refused', () => {
    const levels = Array.from({ length: 12 }, (_, level) => {
      const inner = level === 0 ? 'x' : `*l${level - 1}`
      return `l${level}: &l${level} [${Array.from({ length: 9 }, () => inner).join(', ')}]`
    })
    expect(() => read(levels.join('\n'))).toThrow('excessive aliasing')
  })
})
