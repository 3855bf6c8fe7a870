/**
 * Generated templates with what Go 1.26's text/template and fmt (go.jsonl) and consul-template 0.42.1 with all its functions
 * (consul-template.jsonl) made of them: outputs and whole error texts.
 */
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

function casesOf(name: string): readonly GoldenCase[] {
  const text = readFileSync(join(import.meta.dirname, name), 'utf8')
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

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

test.each([
  ['go.jsonl', 800],
  ['consul-template.jsonl', 1400],
])('all of %s agree, more than %d', (name, least) => {
  const cases = casesOf(name)
  expect(cases.length).toBeGreaterThan(least)
  expect(cases.map(run)).toEqual(cases.map(({ strict: _, ...golden }) => golden))
})
