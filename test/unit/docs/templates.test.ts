/** docs/templates.md: what it shows is what comes out. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { load } from 'js-yaml'
import { helperFunctions } from '../../../core/template/handlebars/helpers.ts'
import { createFormattedSecret } from '../../../core/template/renderable.ts'
import { type FormatName, formatNames } from '../../../core/template/vocabulary.ts'
import { renderHandlebars } from '../../support/handlebars.ts'
import { answerWith, render } from '../core/template/render.ts'

const page = readFileSync('docs/templates.md', 'utf8')

/** Language → its blocks, in order. */
function blocks(language: string): readonly string[] {
  const found = page.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))
  return Array.from(found, ([, text = '']) => text)
}

const data = JSON.stringify(load(blocks('yaml data')[0] ?? ''))
const secret = `{"data":${data},"metadata":{"version":1}}`
const secrets = { 'secret/data/app/database': secret }

test.each(formatNames.filter((name) => name !== 'raw'))(
  'the block of %s is the file',
  (format: FormatName) => {
    const file = createFormattedSecret({ name: 'f', format, path: 'secret/data/app/database' })
    const { output } = file.render({ secret: () => answerWith(secret) })
    expect(blocks(format)).toEqual([Buffer.from(output).toString('utf8')])
  },
)

describe('the block behind a template is its output', () => {
  const [ofGo, ofHandlebars] = blocks('text')

  test('go', () => {
    expect(render(blocks('go')[0] ?? '', { secrets })).toBe(ofGo)
  })

  test('handlebars', () => {
    expect(renderHandlebars(blocks('handlebars')[0] ?? '', { secrets })).toBe(ofHandlebars)
  })
})

test('every function of our own is named', () => {
  const own = ['shellQuote', 'envLine', 'exportLine', 'dotenv', 'properties', 'ini', 'pem']
  for (const name of own) {
    expect(helperFunctions.has(name)).toBe(true)
    expect(page).toContain(`\`${name} `)
  }
})
