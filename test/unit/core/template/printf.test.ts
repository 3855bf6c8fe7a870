import { describe, expect, test } from '@jest/globals'
import { render } from './render.ts'

describe('printf', () => {
  test.each([
    ['"%d|%5d|%-5d|%05d|%+d|% d" 42 42 42 42 42 42', '42|   42|42   |00042|+42| 42'],
    ['"%x|%X|%#x|%o|%#o|%O|%b|%#b" 255 255 255 8 8 8 5 5', 'ff|FF|0xff|10|010|0o10|101|0b101'],
    ['"%.3d|%8.3d|%-8.3d|%.0d|%08x" 5 5 5 0 -255', '005|     005|005     ||-00000ff'],
    ['"%c|%q|%+q|%U|%#U" 233 233 233 0x1F600 0x2603', "é|'é'|'\\u00e9'|U+1F600|U+2603 '☃'"],
    ['"%f|%.0f|%.0f|%8.3f|%+.2f" 1.5 2.5 3.5 3.14159 3.14159', '1.500000|2|4|   3.142|+3.14'],
    [
      '"%e|%.2e|%E|%g|%G" 123456.789 123456.789 0.0 1e21 1e-7',
      '1.234568e+05|1.23e+05|0.000000E+00|1e+21|1E-07',
    ],
    ['"%v %v %v %v" 1000000.0 999999.5 0.0001 1e-5', '1e+06 999999.5 0.0001 1e-05'],
    ['"%g %.3g %#g %.10g" 100000.0 1234.5 1.0 123456.789', '100000 1.23e+03 1.00000 123456.789'],
    ['"%x|%X|%.3x|%b" 1.5 -2.5 1.1 1.0', '0x1.8p+00|-0X1.4P+01|0x1.19ap+00|4503599627370496p-52'],
    ['"%08.3f|%010g|%-8.2f|" -3.14159 -1.5 2.0', '-003.142|-0000001.5|2.00    |'],
    ['"%.1f %.2f %.20f" 0.25 1.005 0.1', '0.2 1.00 0.10000000000000000555'],
    ['"%s|%5s|%-5s|%.2s|%05s" "é" "é" "é" "日本語" "ab"', 'é|    é|é    |日本|000ab'],
    [
      '"%q|%#q|%#q|%+q|%x|% x|%#x|%# X" "a\\n" "ab" "a`b" "é" "hi" "hi" "hi" "hi"',
      '"a\\n"|`ab`|"a`b"|"\\u00e9"|6869|68 69|0x6869|0X68 0X69',
    ],
    ['"%t|%7t|%v" true false true', 'true|  false|true'],
    ['"%v %+v %#v %T" nil nil nil nil', '<nil> <nil> <nil> <nil>'],
    ['"%v %d" 1+2i 1i', '(1+2i) %!d(complex128=(0+1i))'],
    ['"%6.2f|%+v" 1.5+2i 1i', '(  1.50 +2.00i)|(0+1i)'],
  ])('%s', (words, output) => {
    expect(render(`{{ printf ${words} }}`)).toBe(output)
  })

  test.each([
    ['"%d" "a"', '%!d(string=a)'],
    ['"%5d" "a"', '%!d(string=    a)'],
    ['"%d" nil', '%!d(<nil>)'],
    ['"%z" 1', '%!z(int=1)'],
    ['"%é" 1', '%!é(int=1)'],
    ['"%!"', '%!!(MISSING)'],
    ['"%"', '%!(NOVERB)'],
    ['"%d"', '%!d(MISSING)'],
    ['"x" 1 "y" nil', 'x%!(EXTRA int=1, string=y, <nil>)'],
    ['"%[2]d %[1]d" 1 2', '2 1'],
    ['"%[2]*[1]d|" 42 6', '    42|'],
    ['"%[3]d" 1 2', '%!d(BADINDEX)'],
    ['"%[x]d" 1', '%!d(BADINDEX)'],
    ['"%*d|%-*d|%*d" 5 42 5 42 -5 42', '   42|42   |42   '],
    ['"%*d" "x" 42', '%!(BADWIDTH)42'],
    ['"%.*f" -2 1.5', '%!(BADPREC)1.500000'],
    ['"%.*f" 2 3.14159', '3.14'],
    ['"%100000000d" 1', '%!(NOVERB)%!(EXTRA int=1)'],
    ['"%5%|"', '%|'],
  ])('%s: mistakes become text', (words, output) => {
    expect(render(`{{ printf ${words} }}`)).toBe(output)
  })

  test.each([
    ['%v', '[1 a <nil> map[k:v]]'],
    ['%d', '[%!d(float64=1) %!d(string=a) <nil> map[%!d(string=k):%!d(string=v)]]'],
    ['%q', '[%!q(float64=1) "a" <nil> map["k":"v"]]'],
    ['%3v', '[  1   a <nil> map[  k:  v]]'],
    ['%#v', '[]interface {}{1, "a", interface {}(nil), map[string]interface {}{"k":"v"}}'],
    ['%T', '[]interface {}'],
  ])('%s of a list', (verb, output) => {
    expect(render(`{{ printf "${verb}" (parseJSON \`[1,"a",null,{"k":"v"}]\`) }}`)).toBe(output)
  })

  test('a number of a store is a string by another name', () => {
    const template =
      '{{with secret "s"}}{{printf "%v %s %q %d %T %#v %6v" .Data.n .Data.n .Data.n .Data.n .Data.n .Data.n .Data.n}}{{end}}'
    expect(render(template, { secrets: { s: '{"n":1.50}' } })).toBe(
      '1.50 1.50 "1.50" %!d(json.Number=1.50) json.Number "1.50"   1.50',
    )
  })

  test('a secret prints as a struct', () => {
    const setting = { secrets: { s: '{"b":1,"a":null}' } }
    const struct = 'request lease 3600 true map[a:<nil> b:1] [] <nil> <nil>'
    expect(render('{{secret "s"}}', setting)).toBe(`{${struct}}`)
    expect(render('{{print (secret "s")}}', setting)).toBe(`&{${struct}}`)
    expect(render('{{printf "%T" (secret "s")}}', setting)).toBe('*dependency.Secret')
  })
})

describe('print and println', () => {
  test.each([
    ['print 1 2 "a" "b" 3 nil true', '1 2ab3 <nil> true'],
    ['print "a" 1 2 "b"', 'a1 2b'],
    ['println "a" 1 nil', 'a 1 <nil>\n'],
    ['print', ''],
  ])('%s', (words, output) => {
    expect(render(`{{ ${words} }}`)).toBe(output)
  })
})
