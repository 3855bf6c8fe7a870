import { describe, expect, test } from '@jest/globals'
import { render } from './render.ts'

describe('collections', () => {
  test.each([
    ['contains "b" (split "," "a,b")', 'true'],
    ['"ell" | in "hello"', 'true'],
    ['in (sprig_list 1 2.0 true nil) 2.0', 'true'],
    ['in (sprig_list 1 2.0 true nil) true', 'false'],
    ['in (sprig_list 1) 1.0', 'false'],
    ['in nil 1', 'false'],
    ['containsAll (sprig_list "a" "b") (split "," "a,b")', 'true'],
    ['containsAll (sprig_list) nil', 'true'],
    ['containsAny (sprig_list "x" "b" nil) (split "," "a,b")', 'true'],
    ['containsNone (sprig_list "x" true) (split "," "a,b")', 'true'],
    ['containsNotAll (sprig_list "a") (split "," "a,b")', 'false'],
    [
      'explodeMap (parseJSON `{"a/b":1,"a/c/d":2,"e/":3,"f":4}`)',
      'map[a:map[b:1 c:map[d:2]] e:map[] f:4]',
    ],
    [
      'mergeMap (parseJSON `{"a":1,"b":{"c":0},"d":"x"}`) (parseJSON `{"a":2,"b":{"c":3},"e":4}`)',
      'map[a:1 b:map[c:3] d:x e:4]',
    ],
    [
      'mergeMapWithOverride (parseJSON `{"a":1,"b":{"c":0,"k":1}}`) (parseJSON `{"a":"","b":{"c":3}}`)',
      'map[a: b:map[c:3 k:1]]',
    ],
    ['mergeMap nil (parseJSON `{"__proto__":1}`)', 'map[__proto__:1]'],
  ])('%s', (words, output) => {
    expect(render(`{{ ${words} }}`)).toBe(output)
  })

  test('merging changes the first map, also that of a secret, but only in this rendering', () => {
    const secrets = { s: '{"a":"x"}' }
    const words = '{{ $s := (secret "s").Data }}{{ $_ := mergeMap $s (parseJSON `{"b":1}`) }}'
    for (let time = 0; time < 2; time++) {
      expect(render(`{{ (secret "s").Data }}${words}{{ (secret "s").Data }}`, { secrets })).toBe(
        'map[a:x]map[a:x b:1]',
      )
    }
  })

  test.each([
    ['in "abc" nil', 'reflect: call of reflect.Value.Type on zero Value'],
    ['containsAny (split "," "a") "a"', 'expected []interface {}; got []string'],
    [
      'explodeMap (parseYAML "a/b: 1")',
      'expected map[string]interface {}; got map[interface {}]interface {}',
    ],
    [
      'explodeMap (parseJSON `{"a":"x","a/b":1}`)',
      'explodeMap: not a map: "a/b": "a" already has value "x"',
    ],
  ])('%s fails', (words, message) => {
    expect(() => render(`{{ ${words} }}`)).toThrow(message)
  })
})

test('nil among the texts that are looked for is no text', () => {
  expect(() => render('{{containsNone (sprig_list "x" nil) (split "," "a,b")}}')).toThrow(
    'error calling containsNone: reflect: call of reflect.Value.Type on zero Value',
  )
})
