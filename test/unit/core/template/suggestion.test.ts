import { expect, test } from '@jest/globals'
import { suggest } from '../../../../core/template/suggestion.ts'
import { TemplateError } from '../../../../core/template/template.ts'
import { goTemplate, outputOf, whole } from '../../../support/stored-secrets.ts'
import { answerWith, caught, render } from './render.ts'

const kv = '{"data":{"user":"hunter2","db":{"password":"hunter2"}},"metadata":{"version":1}}'
const inside = (code: string) => `{{ with secret "s" }}\n{{ ${code} }}{{ end }}`

test.each([
  ['{{ toJson 1 }}', 'did you mean toJSON?'],
  ['{{ base64decode "x" }}', 'did you mean base64Decode?'],
  ['{{ nothingLikeIt "x" }}', undefined],
  [inside('.Data.user'), 'did you mean .Data.data.user?'],
  [inside('.Data.data.usr'), 'did you mean .Data.data.user?'],
  [inside('.Data.data.User'), 'did you mean .Data.data.user?'],
  [inside('.data.user'), 'did you mean .Data.data.user?'],
  [inside('.Data.data.db.pasword'), 'did you mean .Data.data.db.password?'],
  [inside('.user'), 'did you mean .Data.data.user?'],
  [inside('with .Data }}{{ .user }}{{ end'), 'did you mean .data.user?'],
  [inside('$s := . }}{{ $s.Data.user'), 'did you mean $s.Data.data.user?'],
  [inside('.Data.data.unlike'), undefined],
  [inside('.Data.data.user-name'), 'did you mean index .Data.data "user-name"?'],
  [inside('index 1 2'), undefined],
])('%s', (template, expected) => {
  const setting = { secrets: { s: kv }, errorOnMissingKey: true }
  const thrown = caught(() => render(template, setting))
  if (!(thrown instanceof TemplateError)) throw thrown
  const hint = suggest(thrown, { text: template, answers: [answerWith(kv)] })
  expect(hint).toBe(expected)
  expect(hint ?? '').not.toContain('hunter2')
})

test.each([
  ['.Data.usr', 'did you mean .Data.user?'],
  ['.Data.data.usr', 'did you mean .Data.data.user?'],
  ['.user', 'did you mean .Data.user?'],
])('of a store that is no Vault: %s', (code, expected) => {
  const secrets = { 'aws:s': whole('{"user":"hunter2"}') }
  const text = inside(code).replace('"s"', '"aws:s"')
  const thrown = caught(() => outputOf(goTemplate(text, true), secrets))
  if (!(thrown instanceof TemplateError)) throw thrown
  expect(suggest(thrown, { text, answers: Object.values(secrets) })).toBe(expected)
})
