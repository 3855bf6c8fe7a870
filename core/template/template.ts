/** The Go template engine's door: parse once, render as often as answers arrive. */
import { TemplateError } from './error.ts'
import type { SecretAnswer, SecretRequest } from './secret-request.ts'

export { TemplateError, type TemplateErrorCode } from './error.ts'

export interface TemplateSource {
  /** Shown in errors, for example the file's path; may be empty. */
  readonly name: string
  /** Byte string: one character per byte of the template, as `buffer.toString('latin1')` gives it. */
  readonly text: string
  /** `{{` unless given; an empty text means the default. */
  readonly leftDelimiter?: string
  /** `}}` unless given; an empty text means the default. */
  readonly rightDelimiter?: string
  /** A missing key fails instead of printing `<no value>`; false unless given. Source: error_on_missing_key. */
  readonly errorOnMissingKey?: boolean
}

/** A parsed template; immutable, may be rendered any number of times. */
export interface Template {
  readonly name: string
}

/** Limits of one rendering; a default stands where a field is absent. */
export interface RenderBudget {
  /** Evaluated nodes and produced elements, 10 million. */
  readonly steps?: number
  /** Bytes of output, 16 MiB. */
  readonly outputBytes?: number
  /** Templates that call templates, 1000. */
  readonly depth?: number
}

export interface TemplateScope {
  /** The answer to `request`, undefined while it is not known. Must give the same answer throughout one rendering. */
  readonly secret: (request: SecretRequest) => SecretAnswer | undefined
  /** What `env` sees; empty unless given. */
  readonly environment?: ReadonlyMap<string, string>
  readonly budget?: RenderBudget
}

export interface RenderResult {
  /** Only of use when nothing is missing. */
  readonly output: Uint8Array
  /** Everything asked for, in order of first use, without duplicates. */
  readonly requests: readonly SecretRequest[]
  /** Those of `requests` that had no answer: fetch them and render again. */
  readonly missing: readonly SecretRequest[]
}

/** Parses `source`. Throws `TemplateError` with code `template_invalid`, for unknown functions too. */
export function parseTemplate(source: TemplateSource): Template {
  return { name: source.name }
}

/**
 * Renders with what `scope` knows; pure and synchronous. Throws `TemplateError` with code `template_failed`, but only when
 * nothing is missing: a failure before all answers are known may come from their absence.
 */
export function renderTemplate(template: Template, _scope: TemplateScope): RenderResult {
  throw new TemplateError({
    code: 'template_failed',
    template: template.name,
    line: 1,
    message: `template: ${template.name}:1: rendering is not there yet`,
  })
}
