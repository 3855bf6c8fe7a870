import { describe, expect, test } from '@jest/globals'
import { JsonNumber, JsonSyntaxError, parseJson, stringifyJson } from '../../../core/json.ts'

describe('parseJson and stringifyJson', () => {
  test.each([
    'null',
    'true',
    'false',
    '""',
    '"é😀\\"\\\\\\n"',
    '0',
    '-0',
    '1.50',
    '1e+21',
    '1E-7',
    '12345678901234567890',
    '[]',
    '{}',
    '[1,[2,{"a":[]}]]',
    '{"10":1,"9":2,"__proto__":3,"constructor":{"toString":null}}',
  ])('%s comes back as it was', (text) => {
    expect(stringifyJson(parseJson(text))).toBe(text)
  })

  test('space between tokens is skipped', () => {
    expect(stringifyJson(parseJson(' { "a" : [ 1 ,\t2 ] \r\n, "b" : { } } '))).toBe(
      '{"a":[1,2],"b":{}}',
    )
  })

  test('numbers keep their text, equal keys their last value', () => {
    expect(parseJson('{"n":1.50,"n":2.50}')).toEqual(new Map([['n', new JsonNumber('2.50')]]))
  })

  test('escapes are read', () => {
    expect(parseJson('"\\u0041\\/\\ud83d\\ude00\\b"')).toBe('A/😀\b')
  })

  test('a string of megabytes, escaped throughout, is read', () => {
    expect(parseJson(`"${'\\n'.repeat(2_000_000)}"`)).toHaveLength(2_000_000)
  })

  test('nesting up to the limit is read', () => {
    const text = `${'['.repeat(1000)}${']'.repeat(1000)}`
    expect(stringifyJson(parseJson(text))).toBe(text)
  })

  test.each([
    ['', 0],
    ['  ', 2],
    ['nul', 0],
    ['01', 1],
    ['+1', 0],
    ['1.', 1],
    ['.5', 0],
    ['NaN', 0],
    ['"', 1],
    ['"\n"', 1],
    ['"\\x"', 1],
    ['"\\u12"', 1],
    ["'a'", 0],
    ['[1,]', 3],
    ['[1 2]', 3],
    ['{"a"}', 4],
    ['{"a":1,}', 7],
    ['{a:1}', 1],
    ['{} {}', 3],
  ])('%j is refused at offset %d', (text, offset) => {
    expect(() => parseJson(text)).toThrow(new JsonSyntaxError(offset))
  })

  test('deeper nesting is refused', () => {
    expect(() => parseJson('['.repeat(1_000_000))).toThrow(new JsonSyntaxError(1000))
  })

  test('an error does not quote the text', () => {
    expect(() => parseJson('{"password":hunter2}')).toThrow(/^invalid JSON at offset 12$/)
  })
})
