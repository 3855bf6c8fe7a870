/** The syntax tree. Positions are byte offsets, chosen as Go chooses them because errors show them. */
import type { NumberLiteral } from './number-literal.ts'

/** A run of statements. */
export interface ListNode {
  readonly kind: 'list'
  readonly nodes: readonly StatementNode[]
}

export interface TextNode {
  readonly kind: 'text'
  readonly position: number
  /** Byte string. */
  readonly text: string
}

export interface ActionNode {
  readonly kind: 'action'
  readonly position: number
  readonly pipe: PipeNode
}

export interface BranchNode {
  readonly kind: 'if' | 'range' | 'with'
  readonly position: number
  readonly pipe: PipeNode
  readonly list: ListNode
  readonly elseList: ListNode | undefined
}

export interface TemplateNode {
  readonly kind: 'template'
  readonly position: number
  readonly name: string
  readonly pipe: PipeNode | undefined
}

export interface JumpNode {
  readonly kind: 'break' | 'continue'
  readonly position: number
}

export type StatementNode = TextNode | ActionNode | BranchNode | TemplateNode | JumpNode

export interface PipeNode {
  readonly kind: 'pipe'
  readonly position: number
  /** True for `=`, false for `:=`. */
  readonly isAssignment: boolean
  readonly variables: readonly VariableNode[]
  readonly commands: readonly CommandNode[]
}

export interface CommandNode {
  readonly kind: 'command'
  readonly position: number
  readonly first: OperandNode
  readonly rest: readonly OperandNode[]
}

export interface DotNode {
  readonly kind: 'dot'
  readonly position: number
}

export interface NilNode {
  readonly kind: 'nil'
  readonly position: number
}

export interface BoolNode {
  readonly kind: 'bool'
  readonly position: number
  readonly value: boolean
}

export interface StringNode {
  readonly kind: 'string'
  readonly position: number
  /** As written, quotes included. */
  readonly literal: string
  readonly text: string
}

export interface NumberNode {
  readonly kind: 'number'
  readonly position: number
  readonly literal: NumberLiteral
}

/** A function's name. */
export interface IdentifierNode {
  readonly kind: 'identifier'
  readonly position: number
  readonly name: string
}

/** `.a.b` */
export interface FieldNode {
  readonly kind: 'field'
  readonly position: number
  readonly names: readonly string[]
}

/** `$x.a.b`; `name` keeps its dollar. */
export interface VariableNode {
  readonly kind: 'variable'
  readonly position: number
  readonly name: string
  readonly fields: readonly string[]
}

/** Fields of anything else: `(pipe).a.b`, `function.a`. */
export interface ChainNode {
  readonly kind: 'chain'
  readonly position: number
  readonly node: OperandNode
  readonly fields: readonly string[]
}

export type OperandNode =
  | DotNode
  | NilNode
  | BoolNode
  | StringNode
  | NumberNode
  | IdentifierNode
  | FieldNode
  | VariableNode
  | ChainNode
  | PipeNode

/** Whatever an error can point at. */
export type Node = ActionNode | BranchNode | TemplateNode | CommandNode | OperandNode

/** One named template; the text outside every `define` has the name of the whole. */
export interface Definition {
  readonly name: string
  readonly list: ListNode
}
