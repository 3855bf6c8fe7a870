/** What becomes a file: a template of either engine, or a secret in a format. */
import type { ReferenceStores } from '../reference.ts'
import { fromByteString, toByteString, toBytes } from './byte-string.ts'
import { TemplateError } from './error.ts'
import { formats } from './formats/format.ts'
import { membersOf } from './formats/members.ts'
import { scalarText } from './formats/scalar-text.ts'
import { FunctionError } from './functions/function.ts'
import { restrictedPolicy, type TemplatePolicy } from './policy.ts'
import type { RenderResult } from './render-result.ts'
import {
  type Picked,
  pickProperty,
  readAnswer,
  readSecretData,
  suggestProperty,
} from './secret-data.ts'
import { askForSecret } from './secret-question.ts'
import {
  absentAnswer,
  namedStore,
  type SecretAnswer,
  type SecretQuestion,
  secretRequestKey,
} from './secret-request.ts'
import { parseTemplate, renderTemplate, type TemplateScope } from './template.ts'
import type { TemplateSource } from './template-source.ts'
import { anyMap, type GoMap, unbox } from './values.ts'
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

/** Of what lacks no key, has nothing optional and asks the machine for nothing. */
export const apartFromMachine = {
  optional: new Set<string>(),
  missingKeys: [],
  isAbsent: false,
  locals: [],
  missingLocals: [],
  effects: [],
} as const

export interface FormattedSecret {
  /** Shown in errors. */
  readonly name: string
  readonly format: FormatName
  /** As `secret` takes it, `?version=2` included; an ordinary string. */
  readonly path: string
  /** As of a `TemplateSource`. */
  readonly stores?: ReferenceStores | undefined
}

/** One secret, or one key of it, in a format. Throws `TemplateError` with code `template_invalid` for a path that is none. */
export function createFormattedSecret(formatted: FormattedSecret): Renderable {
  const { name, format, path, stores } = formatted
  const text = toByteString(path)
  const place = { name, format }
  const question = failingAs({ ...place, code: 'template_invalid' }, () =>
    askForSecret(text, stores),
  )
  const { request } = question
  return {
    // A path with escapes is spelt out by its author all the same.
    text: `${text} ${toByteString(request.path)}`,
    policy: restrictedPolicy,
    render: ({ secret }) => {
      const written = failingAs({ ...place, code: 'template_failed' }, () =>
        writeSecret(formatted, question, secret(request)),
      )
      const key = secretRequestKey(request)
      const optional = new Set(question.reference?.isOptional === true ? [key] : [])
      const output = new Uint8Array()
      return { ...apartFromMachine, requests: [request], missing: [], optional, output, ...written }
    },
  }
}

type Written = Partial<Pick<RenderResult, 'output' | 'missing' | 'missingKeys' | 'isAbsent'>>

function writeSecret(
  { format, path }: FormattedSecret,
  { request, reference }: SecretQuestion,
  answer: SecretAnswer | undefined,
): Written {
  const isOptional = reference?.isOptional === true
  if (answer === absentAnswer && isOptional) return { isAbsent: true }
  if (answer === undefined || answer === absentAnswer) return { missing: [request] }
  const data = dataOf(answer)
  if (reference?.property === undefined) {
    const isStored = format === 'raw' && namedStore(request) !== undefined
    return { output: toBytes(isStored ? writeStored(answer, data) : formats[format](data)) }
  }
  const { property } = reference
  const picked = pickProperty(data, property)
  if (picked !== undefined) return { output: toBytes(formatPicked(format, picked)) }
  if (isOptional) return { isAbsent: true }
  const nearest = suggestProperty(data, property)
  return { missingKeys: [{ reference: path.trim(), nearest: nearest && fromByteString(nearest) }] }
}

function dataOf(answer: SecretAnswer): GoMap {
  return readSecretData(readAnswer(answer) ?? anyMap(new Map())).data
}

/** What lies in a named store, byte for byte; of several keys each with its name, as the default template `map` has them. */
function writeStored({ content }: SecretAnswer, data: GoMap): string {
  if (content?.kind === 'whole') return content.bytes
  const lines = membersOf(data).map(({ key, value }) => `${key}: ${scalarText(value)}\n`)
  return lines.join('')
}

/** A map is written as a secret would be, any other value under its own key. */
function formatPicked(format: FormatName, { key, value }: Picked): string {
  const inner = unbox(value)
  if (format === 'raw') return scalarText(inner)
  const isMap = typeof inner === 'object' && inner.kind === 'map'
  return formats[format](isMap ? inner : anyMap(new Map([[key, inner]])))
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
