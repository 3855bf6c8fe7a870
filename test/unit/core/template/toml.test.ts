import { describe, expect, test } from '@jest/globals'
import { render } from './render.ts'

const toml = (json: string) => render(`{{ toTOML (parseJSON \`${json}\`) }}`)

describe('toTOML', () => {
  test.each([
    [
      '{"b":1,"a":"x\\ty\\u007f","__proto__":true}',
      '__proto__ = true\na = "x\\ty\\u007f"\nb = 1.0',
    ],
    ['{"t":{"u":{"v":[]}},"a":1}', 'a = 1.0\n\n[t]\n  [t.u]\n    v = []'],
    ['{"l":[{"a":1},{"b":{"c":2}}]}', '[[l]]\n  a = 1.0\n\n[[l]]\n  [l.b]\n    c = 2.0'],
    ['{"l":[{"b":{"c":2},"a":1},3]}', 'l = [{a = 1.0, b = {c = 2.0}}, 3.0]'],
    ['{"a b":{"c.d":1e21,"":null}}', '["a b"]\n  "c.d" = 1000000000000000000000.0'],
  ])('of %s', (json, output) => {
    expect(toml(json)).toBe(output)
  })

  test('of texts, numbers and lists alone, and of a store’s answer', () => {
    expect(render('{{ toTOML "é" }} {{ toTOML 5 }} {{ toTOML (split "," "a,b") }}')).toBe(
      '"é" 5 ["a", "b"]',
    )
    const secrets = { s: '{"a":5432,"b":1.50,"c":12345678901234567890}' }
    const output = 'a = 5432\nb = 1.5\nc = 12345678901234567000.0'
    expect(render('{{ (secret "s").Data | toTOML }}', { secrets })).toBe(output)
    expect(render('{{ secret "s" | toTOML }}', { secrets })).toContain('\n\n[Data]\n  a = 5432\n')
  })

  test.each([
    ['parseJSON `{"l":[1,null]}`', 'toTOML: toml: cannot encode array with nil element'],
    ['parseYAML "a: 1"', 'toTOML: toml: cannot encode a map with non-string key type'],
    ['parseJSON `[{}]`', 'top-level values must be Go maps or structs'],
    ['nil', 'reflect: call of reflect.Value.Type on zero Value'],
    ['loop 2', 'toml: unsupported type: <-chan int64'],
  ])('of %s fails', (words, message) => {
    expect(() => render(`{{ toTOML (${words}) }}`.replace('(nil)', 'nil'))).toThrow(message)
  })
})
