/** The Go template engine's door: parse once, render as often as answers arrive. */

import type { ReferenceStores } from '../reference.ts'
import type { Definition } from './ast.ts'
import { fromByteString, toByteString, toBytes } from './byte-string.ts'
import { findCertainRequests } from './certain-requests.ts'
import { TemplateError, type TemplateErrorCode } from './error.ts'
import type { Frame } from './frame.ts'
import type { FunctionTable } from './functions/function.ts'
import { createFunctionTable, explainUnknown, functionTable } from './functions/table.ts'
import type { LocalAnswer, LocalRequest } from './local-request.ts'
import { parseDefinitions } from './parser.ts'
import { restrictedPolicy, type TemplatePolicy } from './policy.ts'
import type { Randomness } from './randomness.ts'
import type { RenderResult } from './render-result.ts'
import { type Limits, Rendering } from './rendering.ts'
import type { SecretAnswer, SecretQuestion, SecretRequest } from './secret-request.ts'
import { executeDefinition, renderMain } from './statements.ts'
import type { TemplateSource } from './template-source.ts'

export { TemplateError, type TemplateErrorCode } from './error.ts'
export { lintTemplate, type TemplateProblem } from './lint.ts'
export type { MissingKey, RenderResult } from './render-result.ts'

/** A parsed template; immutable, may be rendered any number of times. */
export interface Template {
  readonly name: string
  /** Byte string, for errors. */
  readonly text: string
  readonly definitions: ReadonlyMap<string, Definition>
  readonly errorOnMissingKey: boolean
  readonly functions: FunctionTable
  readonly policy: TemplatePolicy
  readonly stores: ReferenceStores | undefined
  /** What every rendering asks for, whatever the answers are: it can be fetched at once. */
  readonly certain: readonly SecretQuestion[]
}

/** Limits of one rendering; a default stands where a field is absent. */
export interface RenderBudget {
  /** Evaluated nodes and produced elements, 10 million. */
  readonly steps?: number
  /** Bytes of output, 16 MiB. */
  readonly outputBytes?: number
  /** Templates that call templates, 200. */
  readonly depth?: number
  /** By the scope's clock, 10 s; without a clock time is not limited. */
  readonly timeMs?: number
}

export interface TemplateScope {
  /**
   * The answer to `request`, undefined while it is not known, `absentAnswer` once it is known that there is none. Must give the
   * same answer throughout one rendering.
   */
  readonly secret: (request: SecretRequest) => SecretAnswer | undefined
  /** What `env` sees; empty unless given. */
  readonly environment?: ReadonlyMap<string, string>
  /** What `timestamp` prints, in milliseconds since the epoch; without it `timestamp` fails. */
  readonly now?: number
  readonly budget?: RenderBudget
  /** Milliseconds of some steady clock, for the budget of time. */
  readonly clock?: () => number
  /** Without it functions that need chance fail. */
  readonly random?: Randomness
  /** What the machine answers, undefined while it has not; like `secret`. */
  readonly local?: (request: LocalRequest) => LocalAnswer | undefined
}

export const defaultLimits: Limits = {
  steps: 10_000_000,
  outputBytes: 16 * 1024 * 1024,
  depth: 200,
  timeMs: 10_000,
}

/** Parses `source`. Throws `TemplateError` with code `template_invalid`, for unknown functions too. */
export function parseTemplate(source: TemplateSource): Template {
  const { text, errorOnMissingKey = false, policy = restrictedPolicy, stores } = source
  const functions = policy === restrictedPolicy ? functionTable : createFunctionTable(policy)
  const name = toByteString(source.name)
  const definitions = withinStack(source.name, 'template_invalid', () =>
    parseDefinitions({
      name,
      text,
      leftDelimiter: toByteString(source.leftDelimiter || '{{'),
      rightDelimiter: toByteString(source.rightDelimiter || '}}'),
      isFunction: (word) => functions.has(word),
      explainUnknown,
    }),
  )
  const certain = findCertainRequests(name, definitions, { policy, stores })
  return { name, text, definitions, errorOnMissingKey, functions, policy, stores, certain }
}

/**
 * Renders with what `scope` knows; pure and synchronous. Throws `TemplateError` with code `template_failed`, but only when
 * nothing is missing: a failure before all answers are known may come from their absence.
 */
export function renderTemplate(template: Template, scope: TemplateScope): RenderResult {
  const { steps, outputBytes, depth, timeMs } = { ...defaultLimits, ...scope.budget }
  const rendering = new Rendering({
    source: template,
    functions: template.functions,
    environment: scope.environment ?? new Map(),
    limits: { steps, outputBytes, depth, timeMs },
    now: scope.now,
    clock: scope.clock,
    random: scope.random,
    local: scope.local ?? (() => undefined),
    secret: scope.secret,
    execute: executeDefinition,
  })
  const text = renderUnlessMissing(rendering)
  for (const question of template.certain) rendering.note(question)
  return { ...rendering.findings, output: toBytes(text) }
}

function renderUnlessMissing(rendering: Rendering<Frame>): string {
  try {
    const name = fromByteString(rendering.source.name)
    return withinStack(name, 'template_failed', () => renderMain(rendering))
  } catch (thrown) {
    if (!(thrown instanceof TemplateError)) throw thrown
    if (rendering.lacksSomething && thrown.code !== 'template_denied') return ''
    throw thrown
  }
}

/** Whatever nests or grows past what the JavaScript engine bears, and slipped past our own limits, is the template's fault. */
export function withinStack<T>(template: string, code: TemplateErrorCode, run: () => T): T {
  try {
    return run()
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown
    const message = `template: ${template}:1: nested too deeply or grown too large`
    throw new TemplateError({ code, template, line: 1, message })
  }
}
