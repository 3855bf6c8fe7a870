/** The scanner against the cases of JSON's grammar, one group a production, and against the parser itself. */
import { describe, expect, test } from '@jest/globals'
import { jsonLimits } from '../../../../webhook/review/body-parser.ts'
import { scanJson } from '../../../../webhook/review/json-scanner.ts'

const scan = (text: string | Buffer) => scanJson(Buffer.from(text), jsonLimits)

/** What RFC 8259 takes. */
const accepted = [
  'null',
  ' true ',
  'false',
  '0',
  '-0',
  '-1',
  '123456789012345678901234567890',
  '1.5',
  '0.0',
  '1e5',
  '1E+5',
  '-1.25e-300',
  '1e999',
  '""',
  '"a"',
  '"\\"\\\\\\/\\b\\f\\n\\r\\t"',
  '"\\u0000\\uD834\\udd1e\\uD800"',
  '"\u007f\u2028é𝄞"',
  '[]',
  '[ ]',
  '[1]',
  '[1,2]',
  '[[[]],{}]',
  '[null, true,false ,"x"]',
  '{}',
  '{ }',
  '{"a":1}',
  '{"":{}}',
  '{"a":{"b":[{"c":null}]},"d":""}',
  '{"__proto__":1,"constructor":2}',
  '\t\r\n [1]\r\n',
]

/** What it does not, with Go's words for it. */
const rejected: readonly (readonly [string, string])[] = [
  ['', 'unexpected end of JSON input'],
  [' ', 'unexpected end of JSON input'],
  ['[', 'unexpected end of JSON input'],
  ['{', 'unexpected end of JSON input'],
  ['{"a"', 'unexpected end of JSON input'],
  ['{"a":', 'unexpected end of JSON input'],
  ['{"a":1', 'unexpected end of JSON input'],
  ['[1,', 'unexpected end of JSON input'],
  ['"a', 'unexpected end of JSON input'],
  ['"\\', 'unexpected end of JSON input'],
  ['"\\u12', 'unexpected end of JSON input'],
  ['-', 'unexpected end of JSON input'],
  ['1.', 'unexpected end of JSON input'],
  ['1e', 'unexpected end of JSON input'],
  ['tru', 'unexpected end of JSON input'],
  ['[1 2]', "invalid character '2' after array element"],
  ['[1,]', "invalid character ']' looking for beginning of value"],
  ['[,1]', "invalid character ',' looking for beginning of value"],
  ['[1}', "invalid character '}' after array element"],
  ['{"a":1]', "invalid character ']' after object key:value pair"],
  ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
  ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
  ["{'a':1}", "invalid character '\\'' looking for beginning of object key string"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":1 "b":2}', "invalid character '\"' after object key:value pair"],
  ['{"a":}', "invalid character '}' looking for beginning of value"],
  ['01', "invalid character '1' after top-level value"],
  ['-01', "invalid character '1' after top-level value"],
  ['--1', "invalid character '-' in numeric literal"],
  ['+1', "invalid character '+' looking for beginning of value"],
  ['.5', "invalid character '.' looking for beginning of value"],
  ['1.e1', "invalid character 'e' after decimal point in numeric literal"],
  ['1e+x', "invalid character 'x' in exponent of numeric literal"],
  ['1x', "invalid character 'x' after top-level value"],
  ['NaN', "invalid character 'N' looking for beginning of value"],
  ['Infinity', "invalid character 'I' looking for beginning of value"],
  ['trux', "invalid character 'x' in literal true (expecting 'e')"],
  ['nul\n', "invalid character '\\n' in literal null (expecting 'l')"],
  ['False', "invalid character 'F' looking for beginning of value"],
  ['"a\nb"', "invalid character '\\n' in string literal"],
  ['"a\tb"', "invalid character '\\t' in string literal"],
  ['"\u0000"', "invalid character '\\x00' in string literal"],
  ['"\\x"', "invalid character 'x' in string escape code"],
  ['"\\u00g0"', "invalid character 'g' in \\u hexadecimal character escape"],
  ['"\\ua"', "invalid character '\"' in \\u hexadecimal character escape"],
  ["'a'", "invalid character '\\'' looking for beginning of value"],
  ['[1] // x', "invalid character '/' after top-level value"],
  ['{}{}', "invalid character '{' after top-level value"],
  ['\ufeff{}', "invalid character 'ï' looking for beginning of value"],
  ['\u00a01', "invalid character 'Â' looking for beginning of value"],
  ['\u000c1', "invalid character '\\f' looking for beginning of value"],
  ['\u007f', "invalid character '\\x7f' looking for beginning of value"],
]

describe('scanJson', () => {
  test.each(accepted)('takes %j, as the parser does', (text) => {
    expect(scan(text).kind).toBe('json')
    expect(() => JSON.parse(text)).not.toThrow()
  })

  test.each(rejected)('refuses %j, as the parser does, for %j', (text, problem) => {
    expect(scan(text)).toEqual({ kind: 'malformed', problem })
    expect(() => JSON.parse(text)).toThrow()
  })

  test('takes and refuses the same bytes as the parser after every cut and every change of one', () => {
    const text = '{"a":[1.5e3,-0,true,null,"\\u00e9\\n"],"b":{"":false}}'
    const variants = new Set<string>()
    for (let at = 0; at <= text.length; at++) {
      variants.add(text.slice(0, at))
      for (const character of '{}[]",:0-.eE+tfn\\u \n') {
        variants.add(text.slice(0, at) + character + text.slice(at))
        variants.add(text.slice(0, at) + character + text.slice(at + 1))
      }
    }
    expect(variants.size).toBeGreaterThan(1500)
    for (const variant of variants) {
      expect([variant, scan(variant).kind === 'json']).toEqual([variant, parses(variant)])
    }
  })

  test.each([
    ['{"a":{"b":1},"c":[{"d":2}]}', 4],
    ['{"a":1,"a":1}', 2],
    ['[]', 0],
  ])('%s has %d keys', (text, keys) => {
    expect(scan(text)).toMatchObject({ keys })
  })

  test.each([
    ['123456789012345', false],
    ['[1,-2,"3.5"]', false],
    ['1234567890123456', true],
    ['1.0', true],
    ['1e2', true],
    ['-0', true],
  ])('%s has numbers to be careful with: %s', (text, hasLongNumbers) => {
    expect(scan(text)).toMatchObject({ hasLongNumbers })
  })

  const nested = (depth: number, [open, close] = '[]') =>
    (open ?? '').repeat(depth) + (close ?? '').repeat(depth)
  test.each([
    ['depth', nested(64), nested(65)],
    ['depth', `${'{"a":'.repeat(64)}1${'}'.repeat(64)}`, `${'{"a":'.repeat(65)}1`],
    ['tokens', `[${'0,'.repeat(199_998)}0]`, `[${'0,'.repeat(199_999)}0]`],
    ['tokens', `[${'{},'.repeat(199_998)}0]`, `[${'{},'.repeat(199_999)}0]`],
    ['stringBytes', `"${'x'.repeat(1_572_864)}"`, `"${'x'.repeat(1_572_865)}"`],
    ['stringBytes', `"${'\\n'.repeat(786_432)}"`, `"${'\\n'.repeat(786_433)}"`],
  ])('has a bound on %s', (limit, most, tooMuch) => {
    expect(scan(most).kind).toBe('json')
    expect(scan(tooMuch)).toEqual({ kind: 'limit', limit })
  })

  test.each([
    '['.repeat(7_000_000),
    '{"a":'.repeat(1_400_000),
    `[${'[],'.repeat(2_000_000)}`,
    `"${'\\u0000'.repeat(1_000_000)}`,
    ' '.repeat(7_000_000),
    `${'1'.repeat(7_000_000)}x`,
  ])('%# ends at once or after one pass, whatever seven megabytes hold', (text) => {
    expect(scan(text).kind).not.toBe('json')
  })
})

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
