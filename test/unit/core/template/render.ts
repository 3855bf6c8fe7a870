/** Renders a template in a test, with secrets given as JSON by path. */
import { type JsonValue, parseJson } from '../../../../core/json.ts'
import type { SecretAnswer, SecretRequest } from '../../../../core/template/secret-request.ts'
import {
  parseTemplate,
  type RenderBudget,
  type RenderResult,
  renderTemplate,
} from '../../../../core/template/template.ts'
import type { TemplateSource } from '../../../../core/template/template-source.ts'

export interface Setting extends Partial<TemplateSource> {
  /** Path → the answer's data as JSON; other paths have no answer yet. */
  readonly secrets?: Readonly<Record<string, string>>
  readonly environment?: Readonly<Record<string, string>>
  readonly now?: number
  readonly budget?: RenderBudget
}

export function answerWith(json: string): SecretAnswer {
  return {
    requestId: 'request',
    leaseId: 'lease',
    leaseDuration: 3600,
    renewable: true,
    data: toObject(parseJson(json)),
    warnings: [],
  }
}

function toObject(value: JsonValue): ReadonlyMap<string, JsonValue> {
  return value instanceof Map ? value : new Map()
}

/** Output and requests; the template is an ordinary string. */
export function renderFully(template: string, setting: Setting = {}): RenderResult {
  const { secrets = {}, environment = {}, now, budget, ...source } = setting
  const text = Buffer.from(template, 'utf8').toString('latin1')
  const secret = ({ path }: SecretRequest) => {
    const json = Object.hasOwn(secrets, path) ? secrets[path] : undefined
    return json === undefined ? undefined : answerWith(json)
  }
  return renderTemplate(parseTemplate({ name: 'test', text, ...source }), {
    secret,
    environment: new Map(Object.entries(environment)),
    ...(now === undefined ? {} : { now }),
    ...(budget === undefined ? {} : { budget }),
  })
}

/** The output as an ordinary string. */
export function render(template: string, setting: Setting = {}): string {
  return Buffer.from(renderFully(template, setting).output).toString('utf8')
}

/** What `run` throws. */
export function caught(run: () => unknown): unknown {
  try {
    run()
  } catch (thrown) {
    return thrown
  }
  return undefined
}
