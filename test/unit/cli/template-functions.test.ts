import { expect, test } from '@jest/globals'
import { formatFunctions } from '../../../cli/template-functions.ts'
import { AppError } from '../../../core/errors.ts'
import { functionReference } from '../../../core/template/function-reference/reference.ts'

test('all functions stand under their origin', () => {
  const text = formatFunctions(undefined)
  for (const { signature } of functionReference.values())
    expect(text).toContain(`\n  ${signature}\n`)
  const heads = text.split('\n').filter((line) => line !== '' && !line.startsWith(' '))
  expect(heads).toEqual(['Go text/template', 'consul-template', 'sprig', 'Claviger'])
})

test('one function has its example', () => {
  expect(formatFunctions('exportLine')).toBe(`exportLine NAME VALUE

origin   Claviger
engines  go, handlebars
example  {{ exportLine "DB_PASSWORD" "$(id)" }}
renders  "export DB_PASSWORD='$(id)'"
`)
  expect(formatFunctions('splitList')).toContain('sprig_splitList SEPARATOR TEXT')
})

test.each([
  ['toJsn', 'did you mean toJSON?'],
  ['nothingLikeIt', 'the name of a function'],
])('%s is unknown', (name, words) => {
  const run = () => formatFunctions(name)
  expect(run).toThrow(AppError)
  expect(run).toThrow(words)
})
