import { describe, expect, test } from '@jest/globals'
import { render } from './render.ts'

describe('text and delimiters', () => {
  test.each([
    ['', ''],
    ['plain }} text', 'plain }} text'],
    ['a{{/* gone }} */}}b', 'ab'],
    ['a {{- /* gone */ -}} b', 'ab'],
    ['a \n\t{{- 1 -}}\r\n b', 'a1b'],
    ['a\u00a0{{- 1 }}', 'a\u00a01'],
    ['{{-3}}', '-3'],
    ['{{- 3}}', '3'],
    ['{{3 -}} x', '3x'],
    ['{{\n\t3\r\n}}', '3'],
    ['{{ print `a}}b` "}}" }}', 'a}}b}}'],
    ['é{{ "é\\u00e9\\xc3\\xa9\\351" | len }}', 'é7'],
  ])('%j gives %j', (template, output) => {
    expect(render(template)).toBe(output)
  })

  test.each([
    ['<<1>>', { leftDelimiter: '<<', rightDelimiter: '>>' }, '1'],
    ['|1| x |- 2 -| y', { leftDelimiter: '|', rightDelimiter: '|' }, '1 x2y'],
    ['(日)1(本)', { leftDelimiter: '(日)', rightDelimiter: '(本)' }, '1'],
    ['[[1}}', { leftDelimiter: '[[' }, '1'],
    ['{{1}}', { leftDelimiter: '', rightDelimiter: '' }, '1'],
  ])('%j with %j gives %j', (template, delimiters, output) => {
    expect(render(template, delimiters)).toBe(output)
  })
})

describe('what the lexer refuses', () => {
  test.each([
    ['{{', 1, 'unclosed action'],
    ['a\n{{ 1', 2, 'unclosed action'],
    ['a\n{{ 1\n', 3, 'unclosed action started at test:2'],
    ['{{ print\n"a', 2, 'unterminated quoted string in action started at test:1'],
    ['{{ (print 1 }}', 1, 'unclosed left paren'],
    ['{{ 1) }}', 1, 'unexpected right paren'],
    ['{{/* a', 1, 'unclosed comment'],
    ['{{/* a */ }}', 1, 'comment ends before closing delimiter'],
    ['{{ `a }}', 1, 'unterminated raw quoted string'],
    ["{{ 'a\n' }}", 1, 'unterminated character constant'],
    ['{{ .a-b }}', 1, "bad character U+002D '-'"],
    ['{{ $a-b }}', 1, "bad character U+002D '-'"],
    ['{{ ¢ }}', 1, "unrecognized character in action: U+00A2 '¢'"],
    ['{{ \u0001 }}', 1, 'unrecognized character in action: U+0001'],
    ['{{ 1a }}', 1, 'bad number syntax: "1a"'],
    ['{{ 1+2 }}', 1, 'bad number syntax: "1+2"'],
    ['{{ .Data.0num }}', 1, 'bad number syntax: ".0n"'],
    ['{{ 1 + 2 }}', 1, 'illegal number syntax: "+"'],
    ['{{ "\\/" }}', 1, 'invalid syntax'],
    ["{{ 'ab' }}", 1, "malformed character constant: 'ab'"],
    ["{{ '\\\"' }}", 1, 'invalid syntax'],
  ])('%j: line %d: %s', (template, line, message) => {
    expect(() => render(template)).toThrow(new Error(`template: test:${line}: ${message}`))
  })
})

describe('number literals', () => {
  test.each([
    ['0x1F 0b101 0o17 017 1_000', '31 5 15 15 1000'],
    ["'a' '\\n' '\\u00e9' '\\''", '97 10 233 39'],
    ['1.0 1e3 .5 0x1p4 1e6 -0.0 -0', '1 1000 0.5 16 1e+06 -0 0'],
    ['1i 1+2i', '(0+1i) (1+2i)'],
  ])('print %s gives %j', (literals, output) => {
    expect(render(`{{ print ${literals} }}`)).toBe(output)
  })

  test.each(['09', '0128', '99999999999999999999'])('%s overflows', (literal) => {
    expect(() => render(`{{ ${literal} }}`)).toThrow(`integer overflow: "${literal}"`)
  })

  test.each(['1e400', '1__0', '0x', '1_', '0x_'])('%s is no number', (literal) => {
    expect(() => render(`{{ ${literal} }}`)).toThrow(`illegal number syntax: "${literal}"`)
  })
})
