/** What is wrong with a template before anything is rendered, for whoever accepts templates. */
import { toByteString } from './byte-string.ts'
import { TemplateError } from './error.ts'
import { explainUnknown, foreignFunctions, functionTable } from './functions/table.ts'
import { parseDefinitions } from './parser.ts'
import { denyingSetting, isDenied, restrictedPolicy, type TemplatePolicy } from './policy.ts'
import type { TemplateSource } from './template-source.ts'
import type { Token } from './token.ts'
import { findWrongReferences } from './wrong-references.ts'

export interface TemplateProblem {
  /** From 1. */
  readonly line: number
  /** From 1, in bytes. */
  readonly column: number
  /** Names functions, variables and keywords, never what stands in quotes or between actions. */
  readonly message: string
}

/**
 * All unknown and denied functions and undeclared variables, and the first error of syntax; in the order of the text. Where there is
 * nothing of it, references that cannot work. Pure, and no dearer than parsing.
 */
export function lintTemplate(source: TemplateSource): readonly TemplateProblem[] {
  const { text, policy = restrictedPolicy, stores } = source
  const found: { readonly position: number; readonly message: string }[] = []
  const syntax = syntaxProblem(() => {
    const definitions = parseDefinitions({
      name: '',
      text,
      leftDelimiter: toByteString(source.leftDelimiter || '{{'),
      rightDelimiter: toByteString(source.rightDelimiter || '}}'),
      isFunction: (name) => isReachable(name) && denialOf(policy, name) === undefined,
      explainUnknown,
      onUnknown: (token, message) =>
        found.push({ position: token.position, message: messageFor(policy, token, message) }),
    })
    const isKnown = stores !== undefined && found.length === 0
    if (isKnown) found.push(...findWrongReferences(definitions, stores))
  })
  const named = found.map(({ position, message }) => ({ ...placeOf(text, position), message }))
  return syntax === undefined ? named : [...named, syntax]
}

/** What asks Consul or Nomad parses, but whoever writes it is told. */
function isReachable(name: string): boolean {
  return functionTable.has(name) && !foreignFunctions.has(name)
}

/** Denied names are reported through the same door as unknown ones. */
function messageFor(policy: TemplatePolicy, { kind, text }: Token, message: string): string {
  return (
    (kind === 'identifier' && functionTable.has(text) ? denialOf(policy, text) : undefined) ??
    message
  )
}

function denialOf(policy: TemplatePolicy, name: string): string | undefined {
  if (isDenied(policy, name)) return `function "${name}" is disabled`
  const setting = denyingSetting(policy, name)
  if (setting === undefined) return undefined
  return `function "${name}" is not allowed here (template_policy.${setting})`
}

function syntaxProblem(parse: () => unknown): TemplateProblem | undefined {
  try {
    parse()
    return undefined
  } catch (thrown) {
    if (thrown instanceof RangeError) {
      return { line: 1, column: 1, message: 'nested too deeply' }
    }
    if (!(thrown instanceof TemplateError)) throw thrown
    const { line, column = 1, message } = thrown
    return { line, column, message: withoutLiterals(message.replace(/^template: :\d+: /, '')) }
  }
}

const quoted = /"(?:[^"\\]|\\.)*"(?:\.\.\.)?|`[^`]*`|'(?:[^'\\]|\\.)*'/g

function withoutLiterals(message: string): string {
  return message.replace(quoted, '…').replace(/ started at :(\d+)$/, ' started at line $1')
}

function placeOf(
  text: string,
  position: number,
): { readonly line: number; readonly column: number } {
  const before = text.slice(0, position)
  return { line: before.split('\n').length, column: position - before.lastIndexOf('\n') }
}
