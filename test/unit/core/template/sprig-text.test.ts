import { describe, expect, test } from '@jest/globals'
import { render } from './render.ts'

const evaluate = (words: string) => render(`{{ ${words} }}`)

describe('sprig’s texts', () => {
  test.each([
    ['sprig_trim " a\\u00a0"', 'a'],
    ['sprig_upper "ßa" | sprig_lower', 'ßa'],
    ['sprig_trimAll "$" "$5$"', '5'],
    ['sprig_trimPrefix "-" "--a"', '-a'],
    ['sprig_trimSuffix "-" "a--"', 'a-'],
    ['"hello" | sprig_contains "ell"', 'true'],
    ['sprig_hasPrefix "he" "hello"', 'true'],
    ['sprig_hasSuffix "he" "hello"', 'false'],
    ['sprig_replace "" "-" "aé"', '-a-é-'],
    ['sprig_plural "one" "many" 2', 'many'],
    ['sprig_trunc -3 "hello"', 'llo'],
    ['sprig_trunc -9 "hello"', 'hello'],
    ['sprig_substr 1 3 "hello"', 'el'],
    ['sprig_repeat 3 "ab"', 'ababab'],
    ['sprig_nindent 2 "a\\n\\nb"', '\n  a\n  \n  b'],
    ['sprig_quote "a\\"" nil 1', '"a\\"" "1"'],
    ['sprig_squote "it\'s" 1', "'it's' '1'"],
    ['sprig_cat "a" nil 1 true', 'a 1 true'],
    ['sprig_join "-" (parseJSON `["a",1,null]`)', 'a-1'],
    ['sprig_sortAlpha (split "," "b,a,B")', '[B a b]'],
    ['(sprig_split "," "a,b")._1', 'b'],
    ['sprig_splitList "" "aé" | len', '2'],
    ['sprig_toString 1.0', '1'],
    ['sprig_sha1sum "hello"', 'aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d'],
  ])('%s', (words, output) => {
    expect(evaluate(words)).toBe(output)
  })

  test.each([
    ['sprig_substr 3 1 "hello"', 'slice bounds out of range [3:1]'],
    ['sprig_substr -1 9 "hello"', 'slice bounds out of range [:9]'],
    ['sprig_repeat -1 "a"', 'negative Repeat count'],
    ['sprig_repeat 999999999999 "a"', 'Repeat output length overflow'],
    ['sprig_indent 999999999999 "a"', 'Repeat output length overflow'],
    ['sprig_upper 5', 'expected string; found 5'],
  ])('%s fails', (words, message) => {
    expect(() => evaluate(words)).toThrow(message)
  })
})

describe('sprig’s defaults', () => {
  test.each([
    ['"" | sprig_default "d"', 'd'],
    ['0 | sprig_default "d"', 'd'],
    ['sprig_default "d" "v"', 'v'],
    ['sprig_default "d"', 'd'],
    ['sprig_empty (sprig_list)', 'true'],
    ['sprig_coalesce nil "" 0 "x"', 'x'],
    ['sprig_all 1 "a"', 'true'],
    ['sprig_any 0 nil', 'false'],
    ['true | sprig_ternary "yes" "no"', 'yes'],
    ['sprig_toJson (sprig_dict "a" "<")', '{"a":"\\u003c"}'],
    ['sprig_toRawJson "<"', '"<"'],
    ['sprig_toPrettyJson (sprig_dict "a" 1)', '{\n  "a": 1\n}'],
    ['sprig_toJson (loop 1)', ''],
    ['sprig_fromJson "{"', '<no value>'],
    ['sprig_fromJson "[1]"', '[1]'],
    ['sprig_typeOf (split "," "a")', '[]string'],
    ['sprig_kindOf (parseInt "1")', 'int64'],
    ['sprig_kindOf nil', 'invalid'],
    ['sprig_kindOf scratch', 'ptr'],
    ['sprig_typeIsLike "template.Scratch" scratch', 'true'],
    ['sprig_typeIs "int" 1', 'true'],
    ['sprig_kindIs "map" (sprig_dict)', 'true'],
    ['sprig_deepEqual (parseJSON `{"a":[1,{}]}`) (parseJSON `{"a":[1,{}]}`)', 'true'],
    ['sprig_deepEqual (parseJSON `{"a":[1]}`) (parseJSON `{"a":[1,2]}`)', 'false'],
    ['sprig_deepEqual 1 (parseInt "1")', 'false'],
    ['sprig_deepEqual nil nil', 'true'],
  ])('%s', (words, output) => {
    expect(evaluate(words)).toBe(output)
  })

  test.each([
    ['sprig_fail "stop here"', 'error calling sprig_fail: stop here'],
    ['sprig_mustFromJson "{"', 'unexpected end of JSON input'],
    ['sprig_mustToJson (loop 1)', 'json: unsupported type: <-chan int64'],
  ])('%s fails', (words, message) => {
    expect(() => evaluate(words)).toThrow(message)
  })
})
