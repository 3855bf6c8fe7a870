/** What a `template` or `env_template` block renders, and with which engine. The keys `engine`, `format` and `secret` are Claviger's own. */
import { engineNames, formatNames } from '../../core/template/vocabulary.ts'
import type { TemplateBody, TemplateText } from './agent-config.ts'
import type { Fields } from './fields.ts'

/** What both kinds of block have besides their body. */
export function readText(template: Fields): Omit<TemplateText, 'body'> {
  return {
    engine: readEngine(template),
    leftDelimiter: template.text('left_delimiter') || '{{',
    rightDelimiter: template.text('right_delimiter') || '}}',
    errorOnMissingKey: template.strictFlag('error_on_missing_key') ?? false,
    errorFatal: template.strictFlag('error_fatal') ?? true,
    limits: {
      deniedFunctions: [
        ...(template.texts('function_denylist') ?? []),
        ...(template.texts('function_blacklist') ?? []),
      ],
      sandboxPath: template.text('sandbox_path') || undefined,
    },
  }
}

/** Exactly one of `contents`, `source` and `format`; `secret` comes with `format` and with nothing else. */
export function readBody(template: Fields): TemplateBody {
  const contents = template.text('contents')
  const source = template.text('source')
  const format = template.choice('format', formatNames)
  const texts = [contents, source].filter((text) => text !== undefined && text !== '')
  const given = template.has('format') ? [...texts, format] : texts
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
  return contents ? { kind: 'contents', text: contents } : { kind: 'source', path: source ?? '' }
}

/** Default `go`. Handlebars has no other delimiters than its own. */
function readEngine(template: Fields): TemplateText['engine'] {
  const engine = template.choice('engine', engineNames) ?? 'go'
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
