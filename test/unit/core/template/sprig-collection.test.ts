import { describe, expect, test } from '@jest/globals'
import { render } from './render.ts'

const evaluate = (words: string) => render(`{{ ${words} }}`)

describe('sprig’s lists', () => {
  test.each([
    ['sprig_first (split "," "a,b")', 'a'],
    ['sprig_last (sprig_list)', '<no value>'],
    ['sprig_rest (sprig_list 1 2 3)', '[2 3]'],
    ['sprig_initial (sprig_list 1 2 3)', '[1 2]'],
    ['sprig_append (split "," "a") nil', '[a <nil>]'],
    ['sprig_prepend (sprig_list 1) 0', '[0 1]'],
    ['sprig_concat (split "," "a") (sprig_tuple 1)', '[a 1]'],
    ['sprig_reverse (sprig_list 1 2)', '[2 1]'],
    ['sprig_uniq (parseJSON `[{"a":1},{"a":1},[1]]`)', '[map[a:1] [1]]'],
    ['sprig_compact (sprig_list 0 1 "" nil "a")', '[1 a]'],
    ['sprig_without (sprig_list 1 2 1.0) 1', '[2 1]'],
    ['sprig_has 2 (sprig_list 1 2)', 'true'],
    ['sprig_has 2 nil', 'false'],
    ['sprig_chunk 2 (sprig_list 1 2 3)', '[[1 2] [3]]'],
    ['printf "%T" (sprig_chunk 2 (sprig_list 1))', '[][]interface {}'],
  ])('%s', (words, output) => {
    expect(evaluate(words)).toBe(output)
  })

  test('append leaves the list as it was', () => {
    const words = '{{ $l := sprig_list 1 }}{{ $_ := sprig_append $l 2 }}{{ $l }}'
    expect(render(words)).toBe('[1]')
  })

  test.each([
    ['sprig_first "a"', 'Cannot find first on type string'],
    ['sprig_mustPush 5 1', 'Cannot push on type int'],
    ['sprig_concat (sprig_dict)', 'Cannot concat type map as list'],
    ['sprig_chunk 2 nil', 'runtime error: invalid memory address or nil pointer dereference'],
    ['sprig_chunk 0 (sprig_list 1)', 'runtime error: makeslice: len out of range'],
  ])('%s fails', (words, message) => {
    expect(() => evaluate(words)).toThrow(message)
  })
})

describe('sprig’s dictionaries', () => {
  test.each([
    ['sprig_dict "a" 1 2 "b" "odd"', 'map[2:b a:1 odd:]'],
    ['sprig_get (sprig_dict "a" 1) "z" | printf "%q"', '""'],
    ['sprig_set (sprig_dict "a" 1) "__proto__" 2', 'map[__proto__:2 a:1]'],
    ['sprig_unset (sprig_dict "a" 1) "a"', 'map[]'],
    ['sprig_hasKey (sprig_dict) "constructor"', 'false'],
    ['sprig_pluck "a" (sprig_dict "a" 1) (sprig_dict) (sprig_dict "a" 2)', '[1 2]'],
    ['sprig_keys (sprig_dict "b" 1 "a" 1)', '[a b]'],
    ['sprig_values (sprig_dict "b" 1 "a" 2)', '[2 1]'],
    ['sprig_pick (sprig_dict "a" 1 "b" 2) "a" "z"', 'map[a:1]'],
    ['sprig_omit (sprig_dict "a" 1 "b" 2) "a"', 'map[b:2]'],
    ['sprig_merge (sprig_dict "a" 1) (sprig_dict "a" 2 "b" 2) (sprig_dict "b" 3)', 'map[a:1 b:2]'],
    ['sprig_mergeOverwrite (sprig_dict "a" 1) (sprig_dict "a" 0)', 'map[a:0]'],
    ['sprig_dig "a" "b" "no" (parseJSON `{"a":{"b":"yes"}}`)', 'yes'],
    ['sprig_dig "a" "z" "no" (parseJSON `{"a":{}}`)', 'no'],
  ])('%s', (words, output) => {
    expect(evaluate(words)).toBe(output)
  })

  test('a deep copy may be changed, a merge changes its first map', () => {
    const copied = '{{ $c := sprig_deepCopy $d }}{{ $_ := sprig_set $c.m "x" 2 }}{{ $d }} {{ $c }}'
    const source = '{{ $d := parseJSON `{"m":{"x":1}}` }}'
    expect(render(source + copied)).toBe('map[m:map[x:1]] map[m:map[x:2]]')
    expect(render(`${source}{{ $_ := sprig_merge $d (sprig_dict "n" 1) }}{{ $d }}`)).toBe(
      'map[m:map[x:1] n:1]',
    )
  })

  test('a map that holds itself cannot be printed', () => {
    const words = '{{ $d := sprig_dict }}{{ $_ := sprig_set $d "d" $d }}{{ $d }}'
    expect(() => render(words)).toThrow('nested too deeply')
  })

  test.each([
    [
      'sprig_get (parseYAML "a: 1") "a"',
      'expected map[string]interface {}; got map[interface {}]interface {}',
    ],
    ['sprig_dig "a" "b"', 'dig needs at least three arguments'],
    [
      'sprig_dig "a" "b" 0 (sprig_dict "a" 1)',
      'interface conversion: interface {} is int, not map[string]interface {}',
    ],
    ['sprig_set nil "a" 1', 'assignment to entry in nil map'],
    ['sprig_deepCopy nil', 'reflect: call of reflect.Value.Type on zero Value'],
  ])('%s fails', (words, message) => {
    expect(() => evaluate(words)).toThrow(message)
  })
})
