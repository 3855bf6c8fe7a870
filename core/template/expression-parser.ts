/** Parses pipelines: commands, operands and the variables they declare. Source: Go's text/template/parse/parse.go. */
import type { CommandNode, NumberNode, OperandNode, PipeNode, VariableNode } from './ast.ts'
import { type NumberResult, parseCharacter, parseComplex, parseNumber } from './number-literal.ts'
import { quote, unquote } from './quote.ts'
import { formatNode } from './source-form.ts'
import type { Token, TokenKind } from './token.ts'
import type { ParseFailure, TokenStream } from './token-stream.ts'

/** Which functions there are, and what becomes of other names. */
export interface NameOptions {
  readonly isFunction: (name: string) => boolean
  /** What an error says of an unknown function besides its name; nothing unless given. */
  readonly explainUnknown?: (name: string) => string
  /** Receives unknown functions and variables, which then are no errors, so that parsing goes on. */
  readonly onUnknown?: (token: Token, message: string) => void
}

/** Parentheses nest no deeper. Go allows 10,000, and 1,000 where its stack is small. */
const depthLimit = 500

const operandKinds: ReadonlySet<TokenKind> = new Set([
  'bool',
  'char-constant',
  'complex',
  'dot',
  'field',
  'identifier',
  'number',
  'nil',
  'raw-string',
  'string',
  'variable',
  'left-paren',
])

const literalKinds: ReadonlySet<OperandNode['kind']> = new Set([
  'bool',
  'dot',
  'nil',
  'number',
  'string',
])

const numberParsers = new Map<TokenKind, (text: string) => NumberResult>([
  ['number', parseNumber],
  ['char-constant', parseCharacter],
  ['complex', parseComplex],
])

export class ExpressionParser {
  readonly #tokens: TokenStream
  readonly #names: NameOptions
  #variables: string[] = ['$']
  #depth = 0

  constructor(tokens: TokenStream, names: NameOptions) {
    this.#tokens = tokens
    this.#names = names
  }

  /** Runs `parse`; the variables declared meanwhile are unknown afterwards. */
  scoped<T>(parse: () => T): T {
    const known = this.#variables.length
    const result = parse()
    this.#variables.length = known
    return result
  }

  /** Runs `parse` as the body of a template of its own, which knows no variable but `$`. */
  isolated<T>(parse: () => T): T {
    const outer = this.#variables
    this.#variables = ['$']
    const result = parse()
    this.#variables = outer
    return result
  }

  /** A pipeline and the token `end` behind it; `context` names it in errors. */
  parsePipeline(context: string, end: TokenKind): PipeNode {
    const { position } = this.#tokens.peekNonSpace()
    const { variables, isAssignment } = this.#parseDeclaration(context)
    const commands: CommandNode[] = []
    for (;;) {
      const token = this.#tokens.nextNonSpace()
      if (token.kind === end) break
      if (!operandKinds.has(token.kind)) this.#tokens.failUnexpected(token, context)
      this.#tokens.giveBack(token)
      commands.push(this.#parseCommand())
    }
    this.#checkCommands(commands, context)
    return { kind: 'pipe', position, isAssignment, variables, commands }
  }

  /** The text of a string token. */
  unquoteToken(token: Token): string {
    return unquote(token.text) ?? this.#tokens.fail({ message: 'invalid syntax' })
  }

  #parseDeclaration(context: string): Pick<PipeNode, 'variables' | 'isAssignment'> {
    const variables: VariableNode[] = []
    for (;;) {
      const variable = this.#tokens.peekNonSpace()
      if (variable.kind !== 'variable') return { variables, isAssignment: false }
      this.#tokens.next()
      const after = this.#tokens.next()
      const next = after.kind === 'space' ? this.#tokens.nextNonSpace() : after
      const isComma = next.kind === 'char' && next.text === ','
      if (next.kind !== 'assign' && next.kind !== 'declare' && !isComma) {
        this.#tokens.giveBack(next)
        if (after !== next) this.#tokens.giveBack(after)
        this.#tokens.giveBack(variable)
        return { variables, isAssignment: false }
      }
      variables.push(toVariable(variable))
      this.#variables.push(variable.text)
      if (!isComma) return { variables, isAssignment: next.kind === 'assign' }
      this.#checkSecondVariable(context, variables.length)
    }
  }

  #checkSecondVariable(context: string, count: number): void {
    if (context !== 'range' || count >= 2) {
      this.#tokens.fail({ message: `too many declarations in ${context}` })
    }
    const { kind } = this.#tokens.peekNonSpace()
    if (kind !== 'variable' && kind !== 'right-delimiter' && kind !== 'right-paren') {
      this.#tokens.fail({ message: 'range can only initialize variables' })
    }
  }

  #checkCommands(commands: readonly CommandNode[], context: string): void {
    if (commands.length === 0) this.#tokens.fail({ message: `missing value for ${context}` })
    const bad = commands.findIndex(({ first }, stage) => stage > 0 && literalKinds.has(first.kind))
    if (bad > 0) {
      this.#tokens.fail({ message: `non executable command in pipeline stage ${bad + 1}` })
    }
  }

  #parseCommand(): CommandNode {
    const { position } = this.#tokens.peekNonSpace()
    const operands: OperandNode[] = []
    for (;;) {
      this.#tokens.peekNonSpace()
      const operand = this.#parseOperand()
      if (operand !== undefined) operands.push(operand)
      const token = this.#tokens.next()
      if (token.kind === 'space') continue
      if (token.kind === 'right-delimiter' || token.kind === 'right-paren') {
        this.#tokens.giveBack(token)
      } else if (token.kind !== 'pipe') this.#tokens.failUnexpected(token, 'operand')
      break
    }
    const [first, ...rest] = operands
    if (first === undefined) this.#tokens.fail({ message: 'empty command' })
    return { kind: 'command', position, first, rest }
  }

  /** A term and the fields that follow it without a space. */
  #parseOperand(): OperandNode | undefined {
    const term = this.#parseTerm()
    if (term === undefined) return undefined
    const { kind, position } = this.#tokens.peek()
    if (kind !== 'field') return term
    const fields: string[] = []
    while (this.#tokens.peek().kind === 'field') fields.push(this.#tokens.next().text.slice(1))
    if (term.kind === 'field') return { ...term, position, names: [...term.names, ...fields] }
    if (term.kind === 'variable') return { ...term, position, fields: [...term.fields, ...fields] }
    if (literalKinds.has(term.kind)) {
      this.#tokens.fail({ message: `unexpected . after term ${quote(formatNode(term))}` })
    }
    return { kind: 'chain', position, node: term, fields }
  }

  #parseTerm(): OperandNode | undefined {
    const token = this.#tokens.nextNonSpace()
    const { kind, position, text } = token
    switch (kind) {
      case 'identifier':
        if (!this.#names.isFunction(text)) this.#reportFunction(token)
        return { kind, position, name: text }
      case 'dot':
      case 'nil':
        return { kind, position }
      case 'variable':
        return this.#useVariable(token)
      case 'field':
        return { kind, position, names: [text.slice(1)] }
      case 'bool':
        return { kind, position, value: text === 'true' }
      case 'number':
      case 'char-constant':
      case 'complex':
        return this.#parseNumber(token)
      case 'left-paren':
        return this.#parseParenthesised()
      case 'string':
      case 'raw-string':
        return { kind: 'string', position, literal: text, text: this.unquoteToken(token) }
      default:
        this.#tokens.giveBack(token)
        return undefined
    }
  }

  #parseParenthesised(): PipeNode {
    if (this.#depth >= depthLimit) this.#tokens.fail({ message: 'max expression depth exceeded' })
    this.#depth++
    const pipe = this.parsePipeline('parenthesized pipeline', 'right-paren')
    this.#depth--
    return pipe
  }

  #parseNumber({ kind, position, text }: Token): NumberNode {
    const literal = numberParsers.get(kind)?.(text) ?? { problem: 'invalid syntax' }
    if ('problem' in literal) this.#tokens.fail({ message: literal.problem })
    return { kind: 'number', position, literal }
  }

  #useVariable(token: Token): VariableNode {
    if (!this.#variables.includes(token.text)) {
      const message = `undefined variable ${quote(token.text)}`
      this.#report(token, { message, token })
    }
    return toVariable(token)
  }

  #reportFunction(token: Token): void {
    const why = this.#names.explainUnknown?.(token.text) ?? ''
    const message = `function ${quote(token.text)} not defined${why}`
    this.#report(token, { message, function: token.text, token })
  }

  #report(token: Token, failure: ParseFailure): void {
    const { onUnknown } = this.#names
    if (onUnknown === undefined) this.#tokens.fail(failure)
    else onUnknown(token, failure.message)
  }
}

function toVariable({ position, text }: Token): VariableNode {
  return { kind: 'variable', position, name: text, fields: [] }
}
