/** Generated templates with what Go 1.26's text/template and fmt made of them: outputs and whole error texts. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { parseTemplate, renderTemplate, TemplateError } from '../../../../core/template/template.ts'

interface GoldenCase {
  readonly template: string
  readonly strict?: boolean
  readonly output_b64?: string
  readonly error?: string
}

const cases: readonly GoldenCase[] = readFileSync(join(import.meta.dirname, 'go.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line))

function run({ template, strict = false }: GoldenCase): GoldenCase {
  const text = Buffer.from(template, 'utf8').toString('latin1')
  try {
    const parsed = parseTemplate({ name: '', text, errorOnMissingKey: strict })
    const { output } = renderTemplate(parsed, { secret: () => undefined })
    return { template, output_b64: Buffer.from(output).toString('base64') }
  } catch (thrown) {
    if (!(thrown instanceof TemplateError)) throw thrown
    return { template, error: thrown.message }
  }
}

test('there are many', () => {
  expect(cases.length).toBeGreaterThan(800)
})

test('all agree with Go', () => {
  const expected = cases.map(({ strict: _, ...golden }) => golden)
  expect(cases.map(run)).toEqual(expected)
})
