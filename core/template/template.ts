/** The Go template engine's door: parse once, render as often as answers arrive. */
import type { Definition } from './ast.ts'
import { fromByteString, toByteString, toBytes } from './byte-string.ts'
import { TemplateError, type TemplateErrorCode } from './error.ts'
import type { Frame } from './frame.ts'
import type { GoFunction } from './functions/function.ts'
import { createFunctionTable, functionTable } from './functions/table.ts'
import { parseDefinitions } from './parser.ts'
import { type Limits, Rendering } from './rendering.ts'
import type { SecretAnswer, SecretRequest } from './secret-request.ts'
import { executeDefinition, renderMain } from './statements.ts'

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
  /** Names or globs such as `sprig_*` of functions that fail when called; Go's own cannot be denied. Source: function_denylist. */
  readonly deniedFunctions?: readonly string[]
}

/** A parsed template; immutable, may be rendered any number of times. */
export interface Template {
  readonly name: string
  /** Byte string, for errors. */
  readonly text: string
  readonly definitions: ReadonlyMap<string, Definition>
  readonly errorOnMissingKey: boolean
  readonly functions: ReadonlyMap<string, GoFunction>
}

/** Limits of one rendering; a default stands where a field is absent. */
export interface RenderBudget {
  /** Evaluated nodes and produced elements, 10 million. */
  readonly steps?: number
  /** Bytes of output, 16 MiB. */
  readonly outputBytes?: number
  /** Templates that call templates, 200. */
  readonly depth?: number
}

export interface TemplateScope {
  /** The answer to `request`, undefined while it is not known. Must give the same answer throughout one rendering. */
  readonly secret: (request: SecretRequest) => SecretAnswer | undefined
  /** What `env` sees; empty unless given. */
  readonly environment?: ReadonlyMap<string, string>
  /** What `timestamp` prints, in milliseconds since the epoch; without it `timestamp` fails. */
  readonly now?: number
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

const defaultLimits: Limits = { steps: 10_000_000, outputBytes: 16 * 1024 * 1024, depth: 200 }

/** Parses `source`. Throws `TemplateError` with code `template_invalid`, for unknown functions too. */
export function parseTemplate(source: TemplateSource): Template {
  const { text, errorOnMissingKey = false, deniedFunctions = [] } = source
  const functions =
    deniedFunctions.length === 0 ? functionTable : createFunctionTable(deniedFunctions)
  const name = toByteString(source.name)
  const definitions = withinStack(source.name, 'template_invalid', () =>
    parseDefinitions({
      name,
      text,
      leftDelimiter: toByteString(source.leftDelimiter || '{{'),
      rightDelimiter: toByteString(source.rightDelimiter || '}}'),
      isFunction: (word) => functions.has(word),
    }),
  )
  return { name, text, definitions, errorOnMissingKey, functions }
}

/**
 * Renders with what `scope` knows; pure and synchronous. Throws `TemplateError` with code `template_failed`, but only when
 * nothing is missing: a failure before all answers are known may come from their absence.
 */
export function renderTemplate(template: Template, scope: TemplateScope): RenderResult {
  const { steps, outputBytes, depth } = { ...defaultLimits, ...scope.budget }
  const rendering = new Rendering({
    source: template,
    functions: template.functions,
    environment: scope.environment ?? new Map(),
    limits: { steps, outputBytes, depth },
    now: scope.now,
    secret: scope.secret,
    execute: executeDefinition,
  })
  const text = renderUnlessMissing(rendering)
  return { output: toBytes(text), requests: rendering.requests, missing: rendering.missing }
}

function renderUnlessMissing(rendering: Rendering<Frame>): string {
  try {
    const name = fromByteString(rendering.source.name)
    return withinStack(name, 'template_failed', () => renderMain(rendering))
  } catch (thrown) {
    if (!(thrown instanceof TemplateError)) throw thrown
    if (rendering.missing.length > 0) return ''
    throw thrown
  }
}

/** Whatever nests or grows past what the JavaScript engine bears, and slipped past our own limits, is the template's fault. */
function withinStack<T>(template: string, code: TemplateErrorCode, run: () => T): T {
  try {
    return run()
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown
    const message = `template: ${template}:1: nested too deeply or grown too large`
    throw new TemplateError({ code, template, line: 1, message })
  }
}
