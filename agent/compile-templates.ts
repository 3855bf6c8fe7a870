/** The configured templates, read and parsed once at the start. */
import { readFileSync } from 'node:fs'
import { AppError, toAppError } from '../core/errors.ts'
import { createHandlebarsTemplate } from '../core/template/handlebars/template.ts'
import type { TemplatePolicy } from '../core/template/policy.ts'
import {
  createFormattedSecret,
  createGoTemplate,
  type Renderable,
} from '../core/template/renderable.ts'
import { suggest } from '../core/template/suggestion.ts'
import { TemplateError } from '../core/template/template.ts'
import type { TemplateConfig } from './config/agent-config.ts'
import { narrowPolicy } from './config/template-policy.ts'
import type { CompiledTemplate } from './step/context.ts'

export interface Compilation {
  readonly templates: readonly CompiledTemplate[]
  /** One for each template that cannot be used: `template_invalid`, `input_invalid`. */
  readonly errors: readonly AppError[]
}

/** Parses under `policy`, which a template's own limits narrow. */
export function compileTemplates(
  configs: readonly TemplateConfig[],
  policy: TemplatePolicy,
): Compilation {
  const templates: CompiledTemplate[] = []
  const errors: AppError[] = []
  for (const config of configs) {
    try {
      const narrowed = narrowPolicy(policy, config.limits)
      templates.push({ config, template: compile(config, narrowed) })
    } catch (thrown) {
      errors.push(describe(thrown, config))
    }
  }
  return { templates, errors }
}

function compile(config: TemplateConfig, policy: TemplatePolicy): Renderable {
  const { body, destination: name } = config
  if (body.kind === 'format') return createFormattedSecret({ name, ...body })
  const text = readBytes(body).toString('latin1')
  if (config.engine === 'handlebars') return createHandlebarsTemplate({ name, text, policy })
  return createGoTemplate({
    name,
    text,
    leftDelimiter: config.leftDelimiter,
    rightDelimiter: config.rightDelimiter,
    errorOnMissingKey: config.errorOnMissingKey,
    policy,
  })
}

type WrittenBody = Exclude<TemplateConfig['body'], { readonly kind: 'format' }>

function readBytes(body: WrittenBody): Buffer {
  return body.kind === 'contents' ? Buffer.from(body.text) : readFileSync(body.path)
}

function describe(thrown: unknown, { destination, body }: TemplateConfig): AppError {
  if (thrown instanceof TemplateError) {
    const { line, column } = thrown
    const place = column === undefined ? { line } : { line, column }
    const text = body.kind === 'contents' ? Buffer.from(body.text).toString('latin1') : ''
    const hint = suggest(thrown, { text, answers: [] })
    return new AppError('template_invalid', {
      destination,
      ...place,
      where: thrown.message,
      ...(hint === undefined ? {} : { hint }),
    })
  }
  const source = body.kind === 'source' ? { source: body.path } : {}
  return toAppError(thrown, 'input_invalid', { destination, ...source })
}
