import { expect, test } from '@jest/globals'
import { TemplateError } from '../../../../core/template/template.ts'
import { caught, render } from './render.ts'

test.each([
  ['empty loops', '{{range 1000000000}}{{end}}', 'exceeded the budget of 10000000 steps'],
  ['loops in loops', '{{range 100000}}{{range 100000}}{{len "x"}}{{end}}{{end}}', 'steps'],
  [
    'output',
    '{{range 100000000}}{{"0123456789012345678901234567890123456789"}}{{end}}',
    'bytes of output',
  ],
  ['doubling', '{{$x := "x"}}{{range 100}}{{$x = print $x $x}}{{end}}', 'bytes of output'],
  [
    'many large values',
    '{{$x := printf "%1000000d" 1}}{{range 10000}}{{$y := print $x 1}}{{end}}',
    'steps',
  ],
  [
    'recursion',
    '{{define "t"}}{{template "t"}}{{end}}{{template "t"}}',
    'exceeded maximum template depth (200)',
  ],
  [
    'recursion by function',
    '{{define "t"}}{{executeTemplate "t"}}{{end}}{{template "t"}}',
    'exceeded maximum template depth (200)',
  ],
  ['size beyond strings', '{{indent 999999999999 "x"}}', 'nested too deeply or grown too large'],
])('%s end in an error', (_, template, message) => {
  const thrown = caught(() => render(template))
  expect(thrown).toBeInstanceOf(TemplateError)
  expect(thrown).toMatchObject({
    code: 'template_failed',
    message: expect.stringContaining(message),
  })
})

test.each([
  [{ steps: 10 }, '{{range 20}}{{end}}'],
  [{ outputBytes: 3 }, 'four'],
  [{ depth: 1 }, '{{define "a"}}{{template "b"}}{{end}}{{define "b"}}b{{end}}{{template "a"}}'],
])('the budget %j is kept', (budget, template) => {
  expect(() => render(template, { budget })).toThrow(TemplateError)
  expect(() => render(template)).not.toThrow()
})
