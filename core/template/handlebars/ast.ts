/** A Handlebars template as our evaluator takes it: names resolved, nothing in it but plain data. */
import type { Value } from '../values.ts'

export interface Position {
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 units, as the parser counts. */
  readonly column: number
}

export interface Program {
  readonly body: readonly Statement[]
  readonly blockParams: readonly string[]
}

export type Statement =
  | { readonly kind: 'content' /** Byte string. */; readonly text: string }
  | { readonly kind: 'output'; readonly expression: Expression }
  | BlockStatement

export interface BlockStatement {
  readonly kind: 'block'
  readonly block: BlockName
  readonly position: Position
  readonly argument: Expression | undefined
  readonly named: Named
  readonly program: Program
  readonly inverse: Program | undefined
}

/** `section` is `{{#name}}` where `name` is a field. */
export type BlockName = 'if' | 'unless' | 'each' | 'with' | 'secret' | 'raw' | 'section'

export type Named = ReadonlyMap<string, Expression>

export type Expression =
  | { readonly kind: 'literal'; readonly value: Value; readonly position: Position }
  | PathExpression
  | CallExpression

export interface PathExpression {
  readonly kind: 'path'
  readonly position: Position
  /** `@index` and the like. */
  readonly isData: boolean
  /** How many `../` stand before it. */
  readonly depth: number
  /** Byte strings. */
  readonly parts: readonly string[]
  /** As the template spells it, but without brackets; byte string. */
  readonly original: string
  /** True where the first part is a block parameter. */
  readonly isParameter: boolean
}

export interface CallExpression {
  readonly kind: 'call'
  readonly position: Position
  /** A function of the helper table, `lookup` or `secret`. */
  readonly name: string
  readonly arguments: readonly Expression[]
  readonly named: Named
}
