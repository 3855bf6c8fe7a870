/** The configured templates, read and parsed once at the start. */
import { readFileSync } from 'node:fs'
import { AppError, toAppError } from '../core/errors.ts'
import type { ReferenceStores } from '../core/reference.ts'
import { toReferenceStores } from '../core/stores/settings/reference-stores.ts'
import { createHandlebarsTemplate } from '../core/template/handlebars/template.ts'
import { restrictedPolicy, type TemplatePolicy } from '../core/template/policy.ts'
import {
  apartFromMachine,
  createFormattedSecret,
  createGoTemplate,
  type Renderable,
} from '../core/template/renderable.ts'
import { suggest } from '../core/template/suggestion.ts'
import { TemplateError } from '../core/template/template.ts'
import type { AgentConfig, OwnConfig, TemplateBody, TemplateText } from './config/agent-config.ts'
import { narrowPolicy } from './config/template-policy.ts'
import type { CompiledTemplate } from './step/context.ts'

/** The bytes of a template that lies in a file. System errors as they are. */
export type ReadSource = (path: string) => Buffer

/** Parses under the policy of `config`, which a template's own limits narrow. One that cannot be used says why: `template_invalid`, `input_invalid`. */
export function compileTemplates(
  { templates, variables, own }: AgentConfig,
  readSource: ReadSource = readFileSync,
): readonly CompiledTemplate[] {
  const targets = [
    ...templates.map((config) => ({ kind: 'file', config }) as const),
    ...variables.map((config) => ({ kind: 'variable', config }) as const),
  ]
  const stores = referencesOf(own)
  return targets.map((target) => {
    const name = nameOf(target)
    try {
      const policy = narrowPolicy(own.templateRules.policy, target.config.limits)
      return {
        name,
        target,
        template: compile({ name, config: target.config, readSource, stores }, policy),
      }
    } catch (thrown) {
      const problem = describe(thrown, name, target.config)
      return { name, target, template: nothing, problem }
    }
  })
}

function referencesOf({ stores, defaultStore, hasReferences }: OwnConfig) {
  if (!hasReferences) return undefined
  const types = new Map(Array.from(stores.values(), ({ name, type }) => [name, type]))
  return toReferenceStores({ types, fallback: defaultStore })
}

function nameOf({ kind, config }: CompiledTemplate['target']): string {
  return kind === 'file' ? config.destination : `env_template ${config.name}`
}

/** Stands where a template cannot be used. */
const nothing: Renderable = {
  policy: restrictedPolicy,
  text: '',
  render: () => ({ output: new Uint8Array(), requests: [], missing: [], ...apartFromMachine }),
}

interface Named {
  readonly name: string
  readonly config: TemplateText
  readonly readSource: ReadSource
  readonly stores: ReferenceStores | undefined
}

function compile(named: Named, policy: TemplatePolicy): Renderable {
  const { name, config, readSource, stores } = named
  if (name === '') throw new AppError('input_invalid', { reason: 'a template without destination' })
  const { body } = config
  if (body.kind === 'format') return createFormattedSecret({ name, ...body, stores })
  const text = readBytes(body, readSource).toString('latin1')
  const source = { name, text, policy, ...(stores === undefined ? {} : { stores }) }
  if (config.engine === 'handlebars') return createHandlebarsTemplate(source)
  return createGoTemplate({
    ...source,
    leftDelimiter: config.leftDelimiter,
    rightDelimiter: config.rightDelimiter,
    errorOnMissingKey: config.errorOnMissingKey,
  })
}

type WrittenBody = Exclude<TemplateBody, { readonly kind: 'format' }>

function readBytes(body: WrittenBody, readSource: ReadSource): Buffer {
  return body.kind === 'contents' ? Buffer.from(body.text) : readSource(body.path)
}

function describe(thrown: unknown, destination: string, { body }: TemplateText): AppError {
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
