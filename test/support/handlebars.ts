/** Renders a Handlebars template in a test, with secrets given as JSON by path. */
import { parseJson } from '../../core/json.ts'
import { createHandlebarsTemplate } from '../../core/template/handlebars/template.ts'
import type { SecretAnswer, SecretRequest } from '../../core/template/secret-request.ts'
import type { RenderBudget, RenderResult } from '../../core/template/template.ts'

export interface HandlebarsSetting {
  /** Path → the answer's data as JSON; other paths have no answer yet. */
  readonly secrets?: Readonly<Record<string, string>>
  readonly answer?: Partial<SecretAnswer>
  readonly budget?: RenderBudget
}

export function renderHandlebarsFully(
  template: string,
  { secrets = {}, answer = {}, budget }: HandlebarsSetting = {},
): RenderResult {
  const text = Buffer.from(template, 'utf8').toString('latin1')
  return createHandlebarsTemplate({ name: 'test', text }).render({
    secret: ({ path }: SecretRequest) => {
      const json = Object.hasOwn(secrets, path) ? secrets[path] : undefined
      const data = json === undefined ? undefined : parseJson(json)
      if (!(data instanceof Map)) return undefined
      return {
        requestId: 'request',
        leaseId: 'lease',
        leaseDuration: 3600,
        renewable: true,
        data,
        warnings: [],
        ...answer,
      }
    },
    ...(budget === undefined ? {} : { budget }),
  })
}

/** The output as an ordinary string. */
export function renderHandlebars(template: string, setting: HandlebarsSetting = {}): string {
  return Buffer.from(renderHandlebarsFully(template, setting).output).toString('utf8')
}

/** `template` inside of a block whose `this` is the data of one KV version 2 secret. */
export function renderWithData(template: string, json: string): string {
  return renderHandlebars(`{{#secret "s"}}{{#with data}}${template}{{/with}}{{/secret}}`, {
    secrets: { s: `{"data":${json},"metadata":{"version":1}}` },
  })
}
