/** Files that are made from tables: compared, and written where UPDATE_GOLDEN is 1. */
import { readFileSync, writeFileSync } from 'node:fs'
import { expect } from '@jest/globals'

const update = process.env['UPDATE_GOLDEN'] === '1' && process.env['CI'] === undefined

export function expectGenerated(path: string, text: string): void {
  if (update) writeFileSync(path, text)
  expect(readFileSync(path, 'utf8')).toBe(text)
}

/** The same for what stands between `<!-- name -->` and `<!-- /name -->`. */
export function expectGeneratedPart(path: string, name: string, text: string): void {
  const place = new RegExp(`(<!-- ${name} -->\n)[^]*?(?=<!-- /${name} -->)`)
  const whole = readFileSync(path, 'utf8')
  expect(whole).toMatch(place)
  expectGenerated(
    path,
    whole.replace(place, (_, head: string) => `${head}\n${text}\n\n`),
  )
}
