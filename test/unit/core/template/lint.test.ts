import { describe, expect, test } from '@jest/globals'
import { restrictedPolicy, stockPolicy } from '../../../../core/template/policy.ts'
import { lintTemplate } from '../../../../core/template/template.ts'

const lint = (text: string, changes: Partial<Parameters<typeof lintTemplate>[0]> = {}) =>
  lintTemplate({ name: 'app', text, ...changes }).map(
    ({ line, column, message }) => `${line}:${column} ${message}`,
  )

describe('problems of a template', () => {
  test('there are none in a good one', () => {
    expect(
      lint('{{with secret "a"}}{{range $k, $v := .Data}}{{$k}}={{$v}}\n{{end}}{{end}}'),
    ).toEqual([])
  })

  test.each([
    '{{ "hunter2" 12hunter2 }}',
    "{{ 'hunter2' }}",
    '{{ end "hunter2" }}',
    '{{ with `hunter2 }}',
  ])('%s is wrong, and nothing of it is repeated', (text) => {
    expect(lint(text)).toHaveLength(1)
    expect(lint(text).join()).not.toContain('hunter2')
  })

  test('all names that are unknown or denied, each with its place', () => {
    const text =
      'a\n{{nope 1}} {{file "/etc/passwd"}}\n  {{if $x}}{{plugin "id" | alsoNope}}{{end}}{{key "a"}}'
    expect(lint(text)).toEqual([
      '2:3 function "nope" not defined',
      '2:14 function "file" is not allowed here (template_policy.file)',
      '3:8 undefined variable "$x"',
      '3:14 function "plugin" is not allowed here (template_policy.plugin)',
      '3:28 function "alsoNope" not defined',
      '3:47 function "key" not defined: it asks Consul, and templates here ask secret stores only',
    ])
  })

  test.each([
    ['{{if 1}}', '1:9 unexpected EOF'],
    ['{{nope}}{{end}}', '1:3 function "nope" not defined|1:14 unexpected {{end}}'],
    ['{{print "a""hunter2"}}', '1:12 unexpected … in operand'],
    ['{{"hunter2".x}}', '1:14 unexpected . after term …'],
    ['{{print `hunter2', '1:9 unterminated raw quoted string'],
    ['{{1hunter2}}', '1:3 bad number syntax: …'],
    [
      '{{define "hunter2"}}x{{end}}{{define "hunter2"}}y{{end}}',
      '1:55 template: multiple definition of template …',
    ],
    ['{{ .a\n.b', '2:3 unclosed action started at line 1'],
  ])('%s: the first error of syntax, without what the template says', (text, problems) => {
    expect(lint(text).join('|')).toBe(problems)
    expect(lint(text).join()).not.toContain('hunter2')
  })

  test('the policy decides', () => {
    const text = '{{file "a"}}{{env "b"}}{{sprig_upper "c"}}'
    expect(lint(text, { policy: stockPolicy })).toEqual([])
    expect(
      lint(text, { policy: { ...restrictedPolicy, deniedFunctions: ['sprig_*', 'e?v'] } }),
    ).toEqual([
      '1:3 function "file" is not allowed here (template_policy.file)',
      '1:26 function "sprig_upper" is disabled',
    ])
  })

  test('delimiters of its own', () => {
    const delimiters = { leftDelimiter: '[[', rightDelimiter: ']]' }
    expect(lint('{{nope}}[[ alsoNope ]]', delimiters)).toEqual([
      '1:12 function "alsoNope" not defined',
    ])
  })

  test('any depth', () => {
    expect(lint('{{'.concat('('.repeat(100_000)))).toHaveLength(1)
  })
})
