import { describe, expect, test } from '@jest/globals'
import { render } from './render.ts'

const secrets = {
  app: '{"name":"svc","port":5432,"zero":0,"ratio":1.50,"big":12345678901234567890,"nul":null,"list":["a",null,2],"map":{"b":1,"a":{"x":"y"}},"constructor":"c","__proto__":"p"}',
}

const withApp = (body: string) => `{{with secret "app"}}${body}{{end}}`

describe('control structures', () => {
  test.each([
    ['{{if 0}}a{{else if ""}}b{{else}}c{{end}}', 'c'],
    ['{{with 0}}a{{else with 5}}{{.}}{{else}}c{{end}}', '5'],
    ['{{with $x := 5}}{{$x}}{{.}}{{end}}', '55'],
    ['{{if $x := 0}}a{{else}}{{$x}}{{end}}', '0'],
    ['{{range $i, $e := split "," "a,b"}}{{$i}}{{$e}}{{end}}', '0a1b'],
    ['{{range split "," ""}}x{{else}}none{{end}}', 'none'],
    ['{{range 3}}{{.}}{{end}}', '012'],
    ['{{range $i := 3}}{{$i}}{{end}}', '012'],
    ['{{range $i, $e := loop 5 8}}{{$i}}:{{$e}} {{end}}', '0:5 1:6 2:7 '],
    ['{{range 5}}{{if eq . 1}}{{continue}}{{end}}{{if eq . 3}}{{break}}{{end}}{{.}}{{end}}', '02'],
    ['{{range 2}}{{range 3}}{{if eq . 1}}{{break}}{{end}}{{.}}{{end}};{{end}}', '0;0;'],
    ['{{$x := 1}}{{if true}}{{$x := 2}}{{$x}}{{end}}{{$x}}', '21'],
    ['{{$x := 1}}{{if true}}{{$x = 2}}{{end}}{{$x}}', '2'],
    ['{{$k := ""}}{{$v := ""}}{{range $k, $v = split "," "a,b"}}{{end}}{{$k}}{{$v}}', '1b'],
    ['{{range parseJSON `{"b":1,"a":2,"é":3}`}}{{.}}{{end}}', '213'],
  ])('%s gives %s', (template, output) => {
    expect(render(template)).toBe(output)
  })
})

describe('fields', () => {
  test.each([
    ['{{.Data.name}}:{{.Data.port}}', 'svc:5432'],
    ['{{.Data.ratio}} {{.Data.big}}', '1.50 12345678901234567890'],
    ['{{.Data.nope}} {{.Data.nul}} {{print .Data.nul}}', '<no value> <no value> <nil>'],
    ['{{index .Data "map" "a" "x"}} {{.Data.map.a.x}} {{(index .Data "map").a.x}}', 'y y y'],
    ['{{range .Data.list}}<{{.}}>{{end}}', '<a><<no value>><2>'],
    ['{{.Data.constructor}}{{index .Data "__proto__"}}{{.Data.toString}}', 'cp<no value>'],
    [
      '{{.Data.port.Int64}} {{printf "%T" .Data.port.Float64}} {{.Data.port.String | len}}',
      '5432 float64 4',
    ],
    ['{{if .Data.zero}}true{{end}}', 'true'],
    ['{{$.Data}}', '<no value>'],
    [
      '{{.LeaseID}} {{.LeaseDuration}} {{.Renewable}} {{.Warnings}} {{.Auth}}',
      'lease 3600 true [] <nil>',
    ],
  ])('%s gives %s', (body, output) => {
    expect(render(withApp(body), { secrets })).toBe(output)
  })
})

describe('errors of execution', () => {
  test.each([
    ['{{.Data.name.x}}', "<.Data.name.x>: can't evaluate field x in type interface {}"],
    ['{{.Data.nul.x}}', '<.Data.nul.x>: nil pointer evaluating interface {}.x'],
    ['{{.data}}', "<.data>: can't evaluate field data in type *dependency.Secret"],
    ['{{.Auth.ClientToken}}', 'nil pointer evaluating *dependency.SecretAuth.ClientToken'],
    ['{{.Auth.Nope}}', "can't evaluate field Nope in type *dependency.SecretAuth"],
    ['{{.Data .LeaseID}}', '<.Data>: Data has arguments but cannot be invoked as function'],
    ['{{.Data.name 1}}', '<.Data.name>: name is not a method but has arguments'],
    ['{{.Data.port.Int64 1}}', 'wrong number of args for Int64: want 0 got 1'],
    [
      '{{.Data.port | toUpper}}',
      '<toUpper>: wrong type for value; expected string; got json.Number',
    ],
    ['{{toUpper .Data.nul}}', 'wrong type for value; expected string; got interface {}'],
    ['{{.Data.nope | toUpper}}', '<toUpper>: invalid value; expected string'],
    [
      '{{.Data.list | join ","}}',
      '<",">: wrong type for value; expected []string; got []interface {}',
    ],
    ['{{toUpper nil}}', '<nil>: cannot assign nil to string'],
    ['{{indent 1.5 "x"}}', '<1.5>: expected integer; found 1.5'],
    ['{{1 2}}', "<1>: can't give argument to non-function 1"],
    ['{{nil}}', '<nil>: nil is not a command'],
    ['{{$x = 1}}', 'undefined variable: $x'],
    ['{{template "nope"}}', '<{{template "nope"}}>: template "nope" not defined'],
    ['{{loop 2}}', "<{{loop 2}}>: can't print {{loop 2}} of type <-chan int64"],
    ['{{9223372036854775808}}', '9223372036854775808 overflows int'],
    ['{{printf}}', '<printf>: wrong number of args for printf: want at least 1 got 0'],
    ['{{mustEnv "NOPE"}}', 'error calling mustEnv: required environment variable NOPE is empty'],
  ])('%s: %s', (body, message) => {
    expect(() => render(withApp(body), { secrets })).toThrow(message)
  })

  test('line, column, definition and function are given', () => {
    const template = 'x\n{{define "part"}}\n é{{lt 1 "a"}}{{end}}{{template "part"}}'
    expect(() => render(template)).toThrow(
      expect.objectContaining({
        code: 'template_failed',
        line: 3,
        column: 6,
        function: 'lt',
        message:
          'template: test:3:5: executing "part" at <lt 1 "a">: error calling lt: incompatible types for comparison: int and string',
      }),
    )
  })

  test.each([
    ['{{.Data.nope}}', '<.Data.nope>: map has no entry for key "nope"'],
    ['{{if .Data.nope}}{{end}}', 'map has no entry for key "nope"'],
  ])('%s fails in strict templates: %s', (body, message) => {
    expect(() => render(withApp(body), { secrets, errorOnMissingKey: true })).toThrow(message)
  })

  test('null is an entry, and index does not look at strictness', () => {
    const body = '{{.Data.nul}} {{index .Data "nope"}}'
    expect(render(withApp(body), { secrets, errorOnMissingKey: true })).toBe(
      '<no value> <no value>',
    )
  })

  test('a value from a store is not shown, a text of the template is', () => {
    const body = '{{parseInt .Data.name}}'
    expect(() => render(withApp(body), { secrets })).toThrow(
      'parseInt: strconv.ParseInt: parsing [redacted]: invalid syntax',
    )
    expect(() => render(withApp('{{parseInt "x1"}}'), { secrets })).toThrow('parsing "x1"')
    expect(() => render(withApp('{{range .Data.name}}{{end}}'), { secrets })).toThrow(
      "range can't iterate over [redacted]",
    )
  })
})

test('a variable of the environment is not shown either', () => {
  const environment = { PIN: 'x1' }
  expect(() => render('{{parseInt (env "PIN")}}', { environment })).toThrow('parsing [redacted]')
})
