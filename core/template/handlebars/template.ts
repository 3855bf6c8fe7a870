/** The Handlebars engine's door: its parser is handlebars' own, its evaluator is ours and makes no code. */
import { fromByteString, toByteString, toBytes } from '../byte-string.ts'
import type { TemplateErrorCode } from '../error.ts'
import type { FunctionTable } from '../functions/function.ts'
import { createFunctionTable, functionTable } from '../functions/table.ts'
import { restrictedPolicy } from '../policy.ts'
import type { Renderable } from '../renderable.ts'
import { Rendering } from '../rendering.ts'
import { defaultLimits, type RenderResult, type TemplateScope, withinStack } from '../template.ts'
import type { TemplateSource } from '../template-source.ts'
import { anyMap } from '../values.ts'
import type { Program } from './ast.ts'
import { Evaluator } from './evaluator.ts'
import { Execution } from './execution.ts'
import { Unanswered } from './expressions.ts'
import { parseProgram } from './parser.ts'
import { HandlebarsError, type Source, toTemplateError } from './place.ts'

export type HandlebarsSource = Pick<TemplateSource, 'name' | 'text' | 'policy' | 'stores'>

/** Throws `TemplateError` with code `template_invalid`; unknown helpers, partials and decorators are among the reasons. */
export function createHandlebarsTemplate({
  name,
  text,
  policy = restrictedPolicy,
  stores,
}: HandlebarsSource): Renderable {
  const source = { name: toByteString(name), text }
  const program = placing('template_invalid', source, () => parseProgram(text))
  const parsed = {
    program,
    source,
    stores,
    functions: policy === restrictedPolicy ? functionTable : createFunctionTable(policy),
  }
  return { text, policy, render: (scope) => render(parsed, scope) }
}

interface ParsedTemplate {
  readonly program: Program
  readonly source: Source
  readonly stores: TemplateSource['stores']
  /** Those that the policy denies fail when they are called. */
  readonly functions: FunctionTable
}

function render(
  { program, source, stores, functions }: ParsedTemplate,
  scope: TemplateScope,
): RenderResult {
  const rendering = new Rendering<Execution>({
    source: { ...source, definitions: new Map(), errorOnMissingKey: true, stores },
    functions,
    environment: new Map(),
    limits: { ...defaultLimits, ...scope.budget },
    now: scope.now,
    clock: scope.clock,
    random: undefined,
    local: () => undefined,
    secret: scope.secret,
    execute: () => '',
  })
  const output = placing('template_failed', source, () => renderUnlessMissing(program, rendering))
  return { ...rendering.findings, output: toBytes(output) }
}

/** As in the go engine a failure before all answers are known may come from their absence. */
function renderUnlessMissing(program: Program, rendering: Rendering<Execution>): string {
  const execution = new Execution(rendering)
  const data = { variables: new Map(), parent: undefined }
  try {
    const context = anyMap(new Map())
    new Evaluator(execution).run(program, {
      context,
      parent: undefined,
      data,
      parameters: new Map(),
    })
  } catch (thrown) {
    const isOfPass =
      thrown instanceof Unanswered || (thrown instanceof HandlebarsError && !thrown.isDenied)
    if (!isOfPass || !rendering.lacksSomething) throw thrown
  }
  return execution.output
}

function placing<T>(code: TemplateErrorCode, source: Source, run: () => T): T {
  try {
    return withinStack(fromByteString(source.name), code, run)
  } catch (thrown) {
    throw thrown instanceof HandlebarsError ? toTemplateError(code, source, thrown) : thrown
  }
}
