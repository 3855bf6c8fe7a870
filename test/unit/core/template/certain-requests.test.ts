import { describe, expect, test } from '@jest/globals'
import { restrictedPolicy } from '../../../../core/template/policy.ts'
import { parseTemplate } from '../../../../core/template/template.ts'
import { renderFully } from './render.ts'

const certain = (text: string, policy = restrictedPolicy) =>
  parseTemplate({ name: 'test', text, policy }).certain.map(
    ({ request: { kind, path } }) => `${kind} ${path}`,
  )

describe('what every rendering asks for is known from the text', () => {
  test.each([
    ['two in a row', '{{with secret "a"}}{{end}}{{secret "b"}}', ['read a', 'read b']],
    [
      'one within another',
      '{{with secret "a"}}{{with secret "b"}}{{end}}{{end}}',
      ['read a', 'read b'],
    ],
    ['in a declaration', '{{$x := secret "a"}}', ['read a']],
    ['as an argument', '{{print (secret "a").Data (secrets "l/")}}', ['read a', 'list l']],
    ['a certificate', '{{with pkiCert "pki/issue/x" "common_name=y"}}{{end}}', ['pki pki/issue/x']],
    ['a write', '{{secret "a" "k=v"}}', ['write a']],
    [
      'in a definition that is used',
      '{{define "t"}}{{secret "a"}}{{end}}{{template "t"}}',
      ['read a'],
    ],
    ['once where it is used twice', '{{secret "a"}}{{secret "/a/"}}', ['read a']],
    ['in a condition', '{{if secret "a"}}{{secret "b"}}{{end}}', ['read a', 'read b']],
  ])('%s', (_, text, requests) => {
    expect(certain(text)).toEqual(requests)
  })

  test.each([
    ['in a branch', '{{if env "X"}}{{secret "a"}}{{end}}'],
    ['in an else list', '{{with secrets ""}}{{else}}{{secret "a"}}{{end}}'],
    ['in a loop', '{{range secrets ""}}{{secret "a"}}{{end}}'],
    ['computed', '{{secret (print "a")}}'],
    ['piped', '{{"a" | secret}}'],
    ['in a definition that nothing uses', '{{define "t"}}{{secret "a"}}{{end}}'],
    ['behind a lazy argument', '{{or 1 (secret "a")}}'],
    [
      'in the body of a write, which may be answered with nothing',
      '{{with secret (print "a") "k=v"}}{{secret "b"}}{{end}}',
    ],
    ['with a path that is refused', '{{secret ""}}'],
    ['calling itself', '{{define "t"}}{{template "t"}}{{end}}{{if false}}{{template "t"}}{{end}}'],
  ])('but not %s', (_, text) => {
    expect(certain(text)).toEqual([])
  })

  test('a function that is denied asks for nothing', () => {
    expect(certain('{{secret "a"}}', { ...restrictedPolicy, deniedFunctions: ['secret'] })).toEqual(
      [],
    )
  })
})

test('the first rendering reports all of them as missing', () => {
  const { missing } = renderFully('{{with secret "a"}}{{with secret "b"}}{{.Data.k}}{{end}}{{end}}')
  expect(missing.map(({ path }) => path)).toEqual(['a', 'b'])
})
