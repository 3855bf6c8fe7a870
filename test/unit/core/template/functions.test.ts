import { describe, expect, test } from '@jest/globals'
import { restrictedPolicy } from '../../../../core/template/policy.ts'
import { render, renderFully } from './render.ts'

describe('builtins', () => {
  test.each([
    ['and 1 0 2', '0'],
    ['or 0 "" "x"', 'x'],
    ['1 | and 0', '0'],
    ['or 0 nil', '<no value>'],
    ['not 0', 'true'],
    ['len "é"', '2'],
    ['len (parseJSON `[1,2]`)', '2'],
    ['index (parseJSON `[[1,2]]`) 0 1', '2'],
    ['index "A" 0', '65'],
    ['index (splitToMap "," ":" "a:1") "b"', ''],
    ['slice "abcdef" 1 3', 'bc'],
    ['slice (split "," "a,b,c") 1', '[b c]'],
    ['html "<a href=\'x\'>&\\"\\x00"', '&lt;a href=&#39;x&#39;&gt;&amp;&#34;\ufffd'],
    ['js "it\'s <é>=\\n\\u2028"', "it\\'s \\u003Cé\\u003E\\u003D\\u000A\\u2028"],
    ['urlquery "a b/é~"', 'a+b%2F%C3%A9~'],
    ['html nil', '&lt;no value&gt;'],
  ])('%s', (words, output) => {
    expect(render(`{{ ${words} }}`)).toBe(output)
  })

  test('and and or evaluate no more than they need', () => {
    expect(renderFully('{{ and 0 (secret "a") }}{{ or 1 (secret "b") }}').requests).toEqual([])
  })

  test.each([
    ['len 5', 'len of type int'],
    ['len nil', 'reflect: call of reflect.Value.Type on zero Value'],
    ['index nil 0', 'index of untyped nil'],
    ['index (parseJSON `[null]`) 0 1', 'index of nil pointer'],
    ['index (split "," "a") 2', 'index out of range: 2'],
    ['index (split "," "a") 1', 'reflect: slice index out of range'],
    ['index (split "," "a") "x"', 'cannot index slice/array with type string'],
    ['index (parseJSON `{}`) 0', 'value has type int; should be string'],
    ['index 5 0', "can't index item of type int"],
    ['slice "abc" 2 1', 'invalid slice index: 2 > 1'],
    ['slice "abc" 1 2 3', 'cannot 3-index slice a string'],
    ['slice (split "," "a,b") 0 1 0', 'invalid slice index: 1 > 0'],
    ['call print 1', 'non-function print of type string'],
    ['call nil', 'call of nil'],
  ])('%s: %s', (words, message) => {
    expect(() => render(`{{ ${words} }}`)).toThrow(message)
  })
})

describe('comparisons', () => {
  test.each([
    ['eq 1 2 1', 'true'],
    ['eq "a" "a"', 'true'],
    ['eq nil nil', 'true'],
    ['eq 1 nil', 'false'],
    ['eq (parseUint "5") 5', 'true'],
    ['eq (parseJSON "5") 5.0', 'true'],
    ['ne "a" "b"', 'true'],
    ['lt "B" "a"', 'true'],
    ['lt -1 (parseUint "1")', 'true'],
    ['le 1 1', 'true'],
    ['gt 2.5 1.5', 'true'],
    ['ge 1 2', 'false'],
  ])('%s is %s', (words, output) => {
    expect(render(`{{ ${words} }}`)).toBe(output)
  })

  test.each([
    ['eq 1 1.0', 'incompatible types for comparison: int and float64'],
    ['eq 1', 'missing argument for comparison'],
    ['lt true false', 'invalid type for comparison'],
    ['lt nil 1', 'invalid type for comparison'],
    ['eq (split "," "a") (split "," "a")', 'non-comparable type [a]: []string'],
    [
      'eq (split "," "a") (parseJSON "{}")',
      'non-comparable types [a]: []string, map[string]interface {}: map[]',
    ],
  ])('%s: %s', (words, message) => {
    expect(() => render(`{{ ${words} }}`)).toThrow(message)
  })
})

describe('encodings and JSON', () => {
  test.each([
    ['base64Encode "hello"', 'aGVsbG8='],
    ['sprig_b64enc "hello" | sprig_b64dec', 'hello'],
    ['sprig_b64dec "a!=="', 'illegal base64 data at input byte 1'],
    ['base64Decode "aGVs\\nbG9="', 'hello'],
    ['base64URLEncode "??>"', 'Pz8-'],
    ['sha256Hex ""', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['toJSON "<é\\u2028\\x00\\n>"', '"\\u003cé\\u2028\\u0000\\n\\u003e"'],
    ['toUnescapedJSON "<a>"', '"<a>"'],
    ['toJSON nil', 'null'],
    ['toJSON (parseJSON `{"b":[1,2.50,1e21,-0],"a":null}`)', '{"a":null,"b":[1,2.5,1e+21,-0]}'],
    [
      'toJSONPretty (parseJSON `{"a":[1,{}],"b":[]}`)',
      '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": []\n}',
    ],
    ['parseJSON ""', 'map[]'],
    ['parseJSON "9007199254740993"', '9.007199254740992e+15'],
  ])('%s', (words, output) => {
    expect(render(`{{ ${words} }}`)).toBe(output)
  })

  test('toJSON keeps the number texts of a store', () => {
    const json = '{"a":1.50,"b":12345678901234567890,"c":1E-7}'
    expect(render('{{(secret "s").Data | toJSON}}', { secrets: { s: json } })).toBe(json)
  })

  test('decoded bytes come out as they are', () => {
    const { output } = renderFully('{{ base64Decode "AP+AiSBQTkcNCg==" }}')
    expect([...output]).toEqual([0, 255, 128, 137, 32, 80, 78, 71, 13, 10])
  })

  test.each([
    ['base64Decode "aGVsbG8"', 'illegal base64 data at input byte 4'],
    ['base64Decode "aGVs bG8="', 'illegal base64 data at input byte 4'],
    ['base64Decode "===="', 'illegal base64 data at input byte 0'],
    ['base64Decode "YQ==YQ=="', 'illegal base64 data at input byte 4'],
    ['toJSON (loop 3)', 'toJSON: json: unsupported type: <-chan int64'],
    ['toJSON (parseFloat "inf")', 'toJSON: json: unsupported value: +Inf'],
    ['parseJSON "{"', 'unexpected end of JSON input'],
    ['parseJSON "1e999"', 'cannot unmarshal number 1e999 into Go value of type float64'],
  ])('%s: %s', (words, message) => {
    expect(() => render(`{{ ${words} }}`)).toThrow(message)
  })
})

describe('texts, conversions, surroundings', () => {
  test.each([
    ['toUpper "straße ŉ ᾳ"', 'STRAßE ŉ ᾼ'],
    ['toLower "İΣ"', 'iσ'],
    ['trimSpace "\\u00a0 a\\u2003"', 'a'],
    ['split "" " aé "', '[a é]'],
    ['split "," "  " | len', '0'],
    ['join "-" (split "," "a,b")', 'a-b'],
    ['replaceAll "$" "$&$$" "a$"', 'a$&$$'],
    ['replaceAll "" "-" "aé"', '-a-é-'],
    ['splitToMap "," ":" "b:2,a:1:x,c"', 'map[a:1:x b:2]'],
    ['indent 2 "a\\n\\nb\\n"', '  a\n\n  b\n'],
    ['indent 1.0 "a"', ' a'],
    ['parseInt "-5"', '-5'],
    ['parseFloat "1_000.5"', '1000.5'],
    ['parseBool ""', 'false'],
    ['env "HOME_OF"', 'x'],
    ['envOrDefault "NOPE" "y"', 'y'],
    ['envOrDefault "EMPTY" "y"', ''],
  ])('%s', (words, output) => {
    const environment = { HOME_OF: 'x', EMPTY: '' }
    expect(render(`{{ ${words} }}`, { environment })).toBe(output)
  })

  test('executeTemplate gives text, and its error names both places', () => {
    expect(render('{{define "t"}}<{{.}}>{{end}}{{executeTemplate "t" 5 | len}}')).toBe('3')
    expect(() => render('{{define "t"}}{{lt 1 nil}}{{end}}{{executeTemplate "t"}}')).toThrow(
      'error calling executeTemplate: template: test:1:16: executing "t" at <lt 1 nil>',
    )
  })

  test('a denied function parses and fails when it is called', () => {
    const denied = {
      policy: { ...restrictedPolicy, deniedFunctions: ['base64*', 'secret', 'len'] },
    }
    expect(render('{{if false}}{{base64Encode "a"}}{{end}}{{len "ab"}}', denied)).toBe('2')
    expect(() => render('{{base64Encode "a"}}', denied)).toThrow('function is disabled')
    expect(() => render('{{base64Encode 5}}', denied)).toThrow('expected string; found 5')
  })
})
