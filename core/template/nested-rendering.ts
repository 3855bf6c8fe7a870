/** A small template within a function's argument, with functions of its own. */
import type { Definition } from './ast.ts'
import { toByteString } from './byte-string.ts'
import { TemplateError } from './error.ts'
import { FunctionError, type FunctionTable, type MessagePart } from './functions/function.ts'
import { parseDefinitions } from './parser.ts'
import { Rendering } from './rendering.ts'
import { executeDefinition, renderMain } from './statements.ts'
import type { Value } from './values.ts'

export interface NestedTemplate {
  readonly name: string
  /** Byte string. */
  readonly text: string
  readonly functions: FunctionTable
  readonly dot: Value
  /** What stands before the message of a template that does not parse, and of one that fails. */
  readonly onInvalid: readonly MessagePart[]
  readonly onFailure: readonly MessagePart[]
}

/** The output as byte string. Throws `FunctionError`. */
export function renderNested(template: NestedTemplate): string {
  const { name, text, functions } = template
  try {
    const definitions: ReadonlyMap<string, Definition> = parseDefinitions({
      name,
      text,
      leftDelimiter: '{{',
      rightDelimiter: '}}',
      isFunction: (word) => functions.has(word),
    })
    const rendering = new Rendering({
      source: { name, text, definitions, errorOnMissingKey: true },
      functions,
      environment: new Map(),
      limits: { steps: 100_000, outputBytes: 1_000_000, depth: 20, timeMs: 1000 },
      now: undefined,
      clock: undefined,
      random: undefined,
      secret: () => undefined,
      local: () => undefined,
      execute: executeDefinition,
    })
    return renderMain(rendering, template.dot)
  } catch (thrown) {
    if (!(thrown instanceof TemplateError)) throw thrown
    const before = thrown.code === 'template_invalid' ? template.onInvalid : template.onFailure
    throw new FunctionError(...before, { value: toByteString(thrown.message) })
  }
}
