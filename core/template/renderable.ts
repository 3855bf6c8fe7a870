/** What becomes a file: a template of either engine, or a secret in a format. */
import { toByteString, toBytes } from './byte-string.ts'
import { TemplateError } from './error.ts'
import { formats } from './formats/format.ts'
import { readSecretData } from './formats/secret-data.ts'
import { FunctionError } from './functions/function.ts'
import { restrictedPolicy, type TemplatePolicy } from './policy.ts'
import { parseReadPath } from './read-path.ts'
import type { SecretAnswer } from './secret-request.ts'
import { fromMembers } from './secret-value.ts'
import { parseTemplate, type RenderResult, renderTemplate, type TemplateScope } from './template.ts'
import type { TemplateSource } from './template-source.ts'
import type { FormatName } from './vocabulary.ts'

export interface Renderable {
  /** What of the machine it may reach. */
  readonly policy: TemplatePolicy
  /** Byte string with everything that its author wrote: what it spells out is no secret. */
  readonly text: string
  /** As `renderTemplate`: pure, to be repeated until nothing is missing. Throws `TemplateError`. */
  readonly render: (scope: TemplateScope) => RenderResult
}

/** A template of the `go` engine. Throws `TemplateError` with code `template_invalid`. */
export function createGoTemplate(source: TemplateSource): Renderable {
  const template = parseTemplate(source)
  const { text, policy } = template
  return { text, policy, render: (scope) => renderTemplate(template, scope) }
}

/** Of what asks the machine for nothing. */
export const apartFromMachine = { locals: [], missingLocals: [], effects: [] } as const

export interface FormattedSecret {
  /** Shown in errors. */
  readonly name: string
  readonly format: FormatName
  /** As `secret` takes it, `?version=2` included; an ordinary string. */
  readonly path: string
}

/** One secret in a format. Throws `TemplateError` with code `template_invalid` for a path that is none. */
export function createFormattedSecret({ name, format, path }: FormattedSecret): Renderable {
  const text = toByteString(path)
  const request = failingAs({ name, code: 'template_invalid', format }, () => parseReadPath(text))
  return {
    text,
    policy: restrictedPolicy,
    render: ({ secret }) => {
      const answer = secret(request)
      if (answer === undefined) {
        const output = new Uint8Array()
        return { output, requests: [request], missing: [request], ...apartFromMachine }
      }
      const output = failingAs({ name, code: 'template_failed', format }, () =>
        toBytes(formatAnswer(format, answer)),
      )
      return { output, requests: [request], missing: [], ...apartFromMachine }
    },
  }
}

function formatAnswer(format: FormatName, answer: SecretAnswer): string {
  return formats[format](readSecretData(fromMembers(answer.data ?? new Map())).data)
}

/** A format has no lines of its own: whatever fails, fails at the first. Values are left out of the message. */
function failingAs<T>(
  place: Pick<TemplateError, 'name' | 'code'> & { readonly format: FormatName },
  run: () => T,
): T {
  try {
    return run()
  } catch (thrown) {
    if (!(thrown instanceof FunctionError)) throw thrown
    const shown = thrown.parts.filter((part) => typeof part === 'string').join('')
    const { name, code, format } = place
    const message = `format ${format}: ${name}: ${shown}`
    throw new TemplateError({ code, template: name, line: 1, message })
  }
}
