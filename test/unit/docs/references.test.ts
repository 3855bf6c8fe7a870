/** docs/references.md: what it shows is what comes out, and its versions are those of the types. */
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { readDataFile } from '../../../cli/render/data-file.ts'
import { type StoreType, storeTypes } from '../../../core/stores/settings/store-types.ts'
import { createHandlebarsTemplate } from '../../../core/template/handlebars/template.ts'
import { createGoTemplate, type Renderable } from '../../../core/template/renderable.ts'
import {
  absentAnswer,
  type SecretAnswer,
  secretRequestKey,
} from '../../../core/template/secret-request.ts'
import { expectGeneratedPart } from '../../support/generated.ts'

const path = 'docs/references.md'
const page = readFileSync(path, 'utf8')

/** The first block of a language, and the one of text behind it. */
function example(language: string): readonly [string, string] {
  const [, text = '', output = ''] =
    new RegExp(`\`\`\`${language}\n([^]*?)\`\`\`\n\n\`\`\`text\n([^]*?)\`\`\``).exec(page) ?? []
  return [text, output]
}

const [, data = ''] = /```yaml data\n([\s\S]*?)```/.exec(page) ?? []
const file = readDataFile(data, 'docs')

async function render(renderable: Renderable): Promise<string> {
  const answers = new Map<string, SecretAnswer>()
  for (;;) {
    const { output, missing, missingKeys } = renderable.render({
      secret: (request) => answers.get(secretRequestKey(request)),
    })
    if (missing.length === 0) {
      expect(missingKeys).toEqual([])
      return Buffer.from(output).toString('utf8')
    }
    for (const request of missing) {
      const answer = await file.read(request).catch(() => absentAnswer)
      answers.set(secretRequestKey(request), answer)
    }
  }
}

test('what the go template renders', async () => {
  const [text, output] = example('go')
  const { stores } = file
  expect(await render(createGoTemplate({ name: 'page', text, stores }))).toBe(output)
})

test('what the handlebars template renders', async () => {
  const [text, output] = example('handlebars')
  const { stores } = file
  expect(await render(createHandlebarsTemplate({ name: 'page', text, stores }))).toBe(output)
})

test('the versions of every type; UPDATE_GOLDEN=1 writes them', () => {
  const types: readonly (readonly [string, StoreType])[] = Object.entries(storeTypes)
  const rows = types.map(
    ([name, { version }]) => `| \`${name}\` | ${version?.description ?? 'has none'} |`,
  )
  const table = ['| store | after `@` |', '|---|---|', ...rows].join('\n')
  expectGeneratedPart(path, 'versions', table)
})
