/** What a `template` block renders, and with which engine. The keys `engine`, `format` and `secret` are Claviger's own. */
import { findNearest } from '../../core/nearest.ts'
import { engineNames, formatNames } from '../../core/template/vocabulary.ts'
import type { TemplateBody, TemplateConfig } from './agent-config.ts'
import type { Fields } from './fields.ts'

/** Exactly one of `contents`, `source` and `format`; `secret` comes with `format` and with nothing else. */
export function readBody(template: Fields): TemplateBody {
  const contents = template.text('contents')
  const source = template.text('source')
  const format = readChoice(template, 'format', formatNames)
  const given = ['contents', 'source', 'format'].filter((key) => template.has(key))
  if (given.length !== 1) {
    template.report('contents', 'exactly one of contents, source and format')
  }
  if (template.has('format')) {
    const path = template.requiredText('secret', 'the path of the secret that the format writes')
    if (template.has('engine')) template.report('engine', 'none beside format')
    return { kind: 'format', format: format ?? 'raw', path }
  }
  if (template.has('secret')) {
    template.report('secret', 'none without format', {
      hint: 'a template names its secrets itself',
    })
  }
  return source === undefined
    ? { kind: 'contents', text: contents ?? '' }
    : { kind: 'source', path: source }
}

/** Default `go`. Handlebars has no other delimiters than its own. */
export function readEngine(template: Fields): TemplateConfig['engine'] {
  const engine = readChoice(template, 'engine', engineNames) ?? 'go'
  if (engine === 'go') return engine
  for (const [key, own] of [
    ['left_delimiter', '{{'],
    ['right_delimiter', '}}'],
  ] as const) {
    const given = template.text(key) || own
    if (given !== own) template.report(key, `${own} with engine ${engine}`)
  }
  return engine
}

function readChoice<T extends string>(
  template: Fields,
  key: string,
  names: readonly T[],
): T | undefined {
  const text = template.text(key)
  if (text === undefined) return undefined
  const chosen = names.find((name) => name === text)
  if (chosen !== undefined) return chosen
  const nearest = findNearest(text, names)
  const hint = nearest === undefined ? {} : { hint: `did you mean ${nearest}?` }
  template.report(key, `one of ${names.join(', ')}`, hint)
  return undefined
}
