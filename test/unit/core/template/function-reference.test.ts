import { describe, expect, test } from '@jest/globals'
import { functionReference } from '../../../../core/template/function-reference/reference.ts'
import { functionTable } from '../../../../core/template/functions/table.ts'
import { helperFunctions } from '../../../../core/template/handlebars/helpers.ts'
import { render } from './render.ts'

const block = (name: string) => `-----BEGIN CERTIFICATE-----\\n${name}\\n-----END CERTIFICATE-----`
const setting = {
  name: 'example',
  secrets: {
    'secret/data/app': '{"data":{"user":"ada","port":5432},"metadata":{"version":1}}',
    'pki/issue/app': `{"certificate":"${block('leaf')}","ca_chain":["${block('ca')}"],"private_key":"${block('key')}"}`,
  },
  environment: { APP_ENV: 'prod' },
  now: Date.UTC(2026, 0, 2, 3, 4, 5),
}

test('every function is described, and nothing else is', () => {
  expect([...functionReference.keys()].toSorted()).toEqual([...functionTable.keys()].toSorted())
})

test('signatures take the arguments that the functions take', () => {
  for (const [name, { signature }] of functionReference) {
    const words = signature.split(' ').slice(1)
    const marked = words.filter((word) => /[?…]$/.test(word)).length
    const entry = functionTable.get(name)
    const takes = entry?.parameters.length ?? 0
    const fits =
      entry?.rest === undefined
        ? takes === words.length && marked === 0
        : takes <= words.length && (marked > 0 || takes < words.length)
    expect([name, fits]).toEqual([name, true])
  }
})

describe('examples render to what the reference says', () => {
  test.each([...functionReference.values()])('$example', ({ name, example, output }) => {
    expect(example).toContain(name)
    const rendered = render(example, setting)
    if (output === undefined) expect(rendered).not.toBe('')
    else expect(rendered).toBe(output)
  })
})

test('what handlebars may call is described too', () => {
  for (const name of helperFunctions.keys()) expect(functionReference.has(name)).toBe(true)
})
