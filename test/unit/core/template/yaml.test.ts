import { describe, expect, test } from '@jest/globals'
import { render } from './render.ts'

const yaml = (words: string) => render(`{{ toYAML ${words} }}`)
const yamlOf = (json: string) => yaml(`(parseJSON \`${json}\`)`)

describe('toYAML', () => {
  test.each([
    ['{"a":[1,{"b":2,"c":[]}],"d":{}}', 'a:\n- 1\n- b: 2\n  c: []\nd: {}'],
    ['[[1,[2]],[]]', '- - 1\n  - - 2\n- []'],
    [
      '{"a10":1,"a2":2,"A":3,"-":4,"é":5,"10":6,"9":7}',
      '\'-\': 4\n"9": 7\n"10": 6\nA: 3\na2: 2\na10: 1\né: 5',
    ],
    ['{"__proto__":1,"constructor":{"toString":2}}', '__proto__: 1\nconstructor:\n  toString: 2'],
    [
      '{"a":null,"b":true,"c":1e6,"d":1e-7,"e":1.5}',
      'a: null\nb: true\nc: 1e+06\nd: 1e-07\ne: 1.5',
    ],
    ['{"a":"x\\ny\\n","b":"x\\ny"}', 'a: |\n  x\n  y\nb: |-\n  x\n  y'],
    ['{"a\\nb":1}', '? |-\n  a\n  b\n: 1'],
  ])('of %s', (json, output) => {
    expect(yamlOf(json)).toBe(output)
  })

  test.each([
    ['"yes"', '"yes"'],
    ['"0x1F"', '"0x1F"'],
    ['"12:30"', '"12:30"'],
    ['"2001-02-30"', '2001-02-30'],
    ['"2001-02-28"', '"2001-02-28"'],
    ['"it\'s # not"', "'it''s # not'"],
    ['"a: b"', "'a: b'"],
    ['"a\\tb\\u2028"', '"a\\tb\\L"'],
    ['"a \\nb"', '"a \\nb"'],
    ['"\\u2028a"', "'\u2028  a'"],
    ['"\\ufeffa"', '"\\uFEFF\\x61"'],
    ['"\\xff"', '!!binary /w=='],
    ['" \\na\\n\\n"', '" \\na\\n\\n"'],
    ['"\\n a\\n\\n"', '|2+\n\n   a'],
    ['(parseFloat "nan")', '.nan'],
    ['nil', 'null'],
  ])('of %s', (words, output) => {
    expect(yaml(words)).toBe(output)
  })

  test('folds behind column 80, but not keys', () => {
    const words = `${'ten chars '.repeat(9)}end`
    expect(yaml(`"${words}"`)).toBe(`${'ten chars '.repeat(8)}ten\n  chars end`)
    expect(yamlOf(`{"${words}":1}`)).toBe(`${words}: 1`)
    const long = `${words} ${words}`
    expect(yamlOf(`{"${long}":1}`)).toMatch(/^\? (?:ten chars ?){8}\n {2}ten chars[\s\S]*\n: 1$/)
  })

  test('of a store’s answer: integers as integers, other numbers as floats', () => {
    const secrets = { s: '{"a":5432,"b":1.50,"c":12345678901234567890,"d":"5432"}' }
    const output = 'a: 5432\nb: 1.5\nc: 1.2345678901234567e+19\nd: "5432"'
    expect(render('{{ (secret "s").Data | toYAML }}', { secrets })).toBe(output)
    expect(render('{{ secret "s" | toYAML }}', { secrets })).toContain('leaseduration: 3600\n')
  })

  test('fails for a channel', () => {
    expect(() => yaml('(loop 3)')).toThrow('cannot marshal type: <-chan int64')
  })
})
