import { describe, expect, test } from '@jest/globals'
import { TemplateError } from '../../../../core/template/template.ts'
import { caught, render } from './render.ts'

describe('what the parser refuses', () => {
  test.each([
    ['{{}}', 'missing value for command'],
    ['{{if}}{{end}}', 'missing value for if'],
    ['{{range}}{{end}}', 'missing value for range'],
    ['{{print ()}}', 'missing value for parenthesized pipeline'],
    ['{{if true}}', 'unexpected EOF'],
    ['{{end}}', 'unexpected {{end}}'],
    ['{{else}}', 'unexpected {{else}}'],
    ['{{if true}}{{else}}{{else}}{{end}}', 'expected end; found {{else}}'],
    ['{{with 1}}{{else if 1}}{{end}}', 'unexpected <if> in input'],
    ['{{if 1}}{{else with 1}}{{end}}', 'unexpected <with> in input'],
    ['{{end 1}}', 'unexpected "1" in end'],
    ['{{1 | 2}}', 'non executable command in pipeline stage 2'],
    ['{{| print}}', 'unexpected "|" in command'],
    ['{{print "a""b"}}', 'unexpected "\\"b\\"" in operand'],
    ['{{print 1, 2}}', 'unexpected "," in operand'],
    ['{{print "a much longer text"1}}', 'unexpected "1" in operand'],
    ['{{true.x}}', 'unexpected . after term "true"'],
    ['{{$x}}', 'undefined variable "$x"'],
    ['{{if $x := 1}}{{end}}{{$x}}', 'undefined variable "$x"'],
    ['{{$a, $b := 1}}', 'too many declarations in command'],
    ['{{range $a, 1 := 1}}{{end}}', 'range can only initialize variables'],
    ['{{break}}', '{{break}} outside {{range}}'],
    ['{{range 2}}{{define "x"}}{{end}}{{end}}', 'unexpected <define> in command'],
    ['{{range 2}}{{block "x" .}}{{continue}}{{end}}{{end}}', '{{continue}} outside {{range}}'],
    [
      '{{define "x"}}1{{end}}{{define "x"}}2{{end}}',
      'template: multiple definition of template "x"',
    ],
    ['{{define x}}{{end}}', 'unexpected "x" in define clause'],
    ['{{template 1}}', 'unexpected "1" in template clause'],
    ['{{define "x"}}{{else}}{{end}}', 'unexpected {{else}} in define clause'],
  ])('%s: %s', (template, message) => {
    expect(() => render(template)).toThrow(new Error(`template: test:1: ${message}`))
  })

  test('an unknown function is named with line and column', () => {
    const thrown = caught(() => render('one\n  {{ print (frobnicate "x") }}', { name: 'app.conf' }))
    expect(thrown).toBeInstanceOf(TemplateError)
    expect(thrown).toMatchObject({
      code: 'template_invalid',
      template: 'app.conf',
      line: 2,
      column: 13,
      function: 'frobnicate',
      message: 'template: app.conf:2: function "frobnicate" not defined',
    })
  })

  test('nothing but what the table defines is a function', () => {
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
      expect(() => render(`{{ ${name} }}`)).toThrow(`function "${name}" not defined`)
    }
  })

  test.each([
    ['parentheses', `{{${'('.repeat(20_000)}1${')'.repeat(20_000)}}}`],
    ['branches', '{{if true}}'.repeat(20_000) + '{{end}}'.repeat(20_000)],
    ['else branches', `{{if false}}${'{{else if false}}'.repeat(20_000)}{{end}}`],
    ['blocks', `${'{{block "x" .}}'.repeat(20_000)}1${'{{end}}'.repeat(20_000)}`],
  ])('endless nesting of %s is an error, not a crash', (_, template) => {
    expect(() => render(template)).toThrow(/max (?:expression|nesting) depth exceeded/)
  })
})

describe('what the parser accepts', () => {
  test.each([
    ['{{ printf "%s" "a" | }}', 'a'],
    ['{{ print ($x := 1) }}{{ $x }}', '11'],
    ['{{ define "x" }} {{ end }}{{ define "x" }}1{{ end }}{{ template "x" }}', '1'],
    ['{{ define "x" }}1{{ end }}{{ define "x" }} {{ end }}{{ template "x" }}', '1'],
    ['{{ template "late" 5 }}{{ define "late" }}<{{ . }}>{{ end }}', '<5>'],
    ['{{ block "x" 5 }}<{{ . }}>{{ end }}{{ template "x" 6 }}', '<5><6>'],
    ['{{ $ñ := 1 }}{{ $ñ }}', '1'],
  ])('%s gives %s', (template, output) => {
    expect(render(template)).toBe(output)
  })
})
