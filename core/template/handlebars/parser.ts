/** Text to tree: the handlebars package parses, and what it gives is copied into plain data with every name resolved. */
import * as handlebars from 'handlebars/dist/cjs/handlebars/compiler/base.js'
import { endsOptional } from '../../reference.ts'
import { fromByteString, toByteString } from '../byte-string.ts'
import { nearestName } from '../nearest-name.ts'
import { float, int, textOf, type Value } from '../values.ts'
import type {
  BlockName,
  BlockStatement,
  Expression,
  Named,
  PathExpression,
  Position,
  Program,
  Statement,
} from './ast.ts'
import { blockHelpers, helperFunctions, ownCalls } from './helpers.ts'
import { checkNesting } from './nesting.ts'
import { HandlebarsError } from './place.ts'

type ParsedExpression = Parameters<typeof positionOf>[0] & handlebars.Expression

/** `text` is a byte string that must be UTF-8. Throws `HandlebarsError`. */
export function parseProgram(text: string): Program {
  const decoded = fromByteString(text)
  if (toByteString(decoded) !== text) {
    throw new HandlebarsError({ line: 1, column: 1 }, 'the template is not UTF-8')
  }
  checkNesting(decoded)
  return new Resolver().program(parseText(decoded))
}

function parseText(text: string): handlebars.Program {
  try {
    return handlebars.parse(text)
  } catch (thrown) {
    if (!(thrown instanceof Error) || thrown instanceof RangeError) throw thrown
    throw describe(thrown)
  }
}

/** The parser's own words hold nothing but the template's. */
function describe(thrown: Error): HandlebarsError {
  const lineNumber = Reflect.get(thrown, 'lineNumber')
  const column = Reflect.get(thrown, 'column')
  if (typeof lineNumber === 'number' && typeof column === 'number') {
    const message = thrown.message.replace(/ - \d+:\d+$/, '')
    return new HandlebarsError({ line: lineNumber, column: column + 1 }, message)
  }
  const { match, yylloc } = handlebars.parser.lexer
  const position = { line: yylloc.first_line, column: yylloc.first_column + 1 }
  const isEnd = match === '' || /got 'EOF'$/.test(thrown.message)
  const found = isEnd ? 'end of the template' : JSON.stringify(match)
  return new HandlebarsError(position, `unexpected ${found}`)
}

function positionOf({ loc }: { readonly loc: { readonly start: Position } }): Position {
  return { line: loc.start.line, column: loc.start.column + 1 }
}

class Resolver {
  /** Block parameters in scope, innermost last. */
  #parameters: readonly string[] = []

  program({ body, blockParams = [] }: handlebars.Program): Program {
    const outer = this.#parameters
    this.#parameters = [...outer, ...blockParams]
    const statements = body.flatMap((statement) => this.#statement(statement))
    this.#parameters = outer
    return { body: statements, blockParams: blockParams.map(toByteString) }
  }

  #statement(statement: handlebars.Statement): readonly Statement[] {
    switch (statement.type) {
      case 'ContentStatement':
        return [{ kind: 'content', text: toByteString(statement.value) }]
      case 'CommentStatement':
        return []
      case 'MustacheStatement':
        return [{ kind: 'output', expression: this.#call(statement) }]
      case 'BlockStatement':
        return [this.#block(statement)]
      default: {
        const what = statement.type.startsWith('Partial') ? 'partials' : 'decorators'
        throw new HandlebarsError(positionOf(statement), `${what} are not supported`)
      }
    }
  }

  #block(statement: handlebars.Statement & { readonly type: 'BlockStatement' }): BlockStatement {
    const { path, params } = statement
    const position = positionOf(statement)
    const block = this.#blockName(statement)
    const named = this.#named(statement.hash)
    const [argument, ...others] =
      block === 'section' ? [this.#path(path)] : params.map((param) => this.#expression(param))
    const wanted = block === 'raw' ? 0 : 1
    const given = others.length + (argument === undefined ? 0 : 1)
    if (given !== wanted) {
      throw new HandlebarsError(
        position,
        `${block} takes ${wanted} argument${wanted === 1 ? '' : 's'}, not ${given}`,
      )
    }
    const allowed = block === 'section' ? [] : blockHelpers.get(block)
    for (const name of named.keys()) {
      if (allowed !== undefined && !allowed.includes(name)) {
        throw new HandlebarsError(position, `${block} takes no argument named ${name}`)
      }
    }
    if (block === 'secret' && statement.inverse !== undefined && !isOptional(argument)) {
      throw new HandlebarsError(
        position,
        'secret has no else: a secret that does not exist is an error of the file, unless the reference ends in ?',
      )
    }
    const empty = { body: [], blockParams: [] }
    return {
      kind: 'block',
      block,
      position,
      argument,
      named,
      program: statement.program === undefined ? empty : this.program(statement.program),
      inverse: statement.inverse === undefined ? undefined : this.program(statement.inverse),
    }
  }

  /** A block helper, or the section of a field; anything with arguments must be a helper. */
  #blockName({
    path,
    params,
    hash,
    loc,
  }: handlebars.Statement & { readonly type: 'BlockStatement' }): BlockName {
    const name = this.#helperName(path)
    const known = blockNames.find((block) => block === name)
    if (known !== undefined) return known
    const hasArguments = params.length > 0 || hash !== undefined
    if (name !== undefined && isCallable(name)) {
      throw new HandlebarsError(positionOf({ loc }), `${name} is no block; write {{${name} …}}`)
    }
    if (hasArguments) throw unknownHelper(positionOf({ loc }), path, [...blockHelpers.keys()])
    return 'section'
  }

  /** `{{name}}` is a helper where there is one, else a field, as in Handlebars. */
  #call(call: handlebars.Call): Expression {
    const { path, params, hash } = call
    const name = this.#helperName(path)
    const hasArguments = params.length > 0 || hash !== undefined
    if (name !== undefined && blockHelpers.has(name) && name !== 'secret') {
      throw new HandlebarsError(positionOf(call), `${name} is a block; write {{#${name} …}}`)
    }
    if (name === undefined || !isCallable(name)) {
      if (!hasArguments && call.path.type !== 'SubExpression') return this.#path(path)
      throw unknownHelper(positionOf(call), path, [...helperFunctions.keys(), ...ownCalls])
    }
    const named = this.#named(hash)
    if (named.size > 0 && name !== 'secret') {
      throw new HandlebarsError(positionOf(call), `${name} takes no named arguments`)
    }
    const position = positionOf(call)
    const values = params.map((param) => this.#expression(param))
    const problem = countProblem(name, values.length)
    if (problem !== undefined) throw new HandlebarsError(position, problem)
    return { kind: 'call', position, name, arguments: values, named }
  }

  #expression(expression: ParsedExpression): Expression {
    const position = positionOf(expression)
    switch (expression.type) {
      case 'PathExpression':
        return this.#path(expression)
      case 'SubExpression': {
        const call = this.#call(expression)
        if (call.kind === 'call') return call
        throw unknownHelper(position, expression.path, [...helperFunctions.keys(), ...ownCalls])
      }
      case 'UndefinedLiteral':
        throw new HandlebarsError(position, 'undefined is no value here; write null')
      case 'NullLiteral':
        return { kind: 'literal', value: undefined, position }
      default:
        return { kind: 'literal', value: literalValue(expression.value), position }
    }
  }

  #named(hash: handlebars.Hash | undefined): Named {
    const pairs = hash?.pairs ?? []
    return new Map(pairs.map(({ key, value }) => [toByteString(key), this.#expression(value)]))
  }

  /** Source: Handlebars takes a literal in the place of a name for the name. */
  #path(path: handlebars.Expression): PathExpression {
    const position = positionOf(path)
    if (path.type !== 'PathExpression') {
      const name = toByteString(literalName(path))
      return {
        kind: 'path',
        position,
        isData: false,
        depth: 0,
        parts: [name],
        original: name,
        isParameter: false,
      }
    }
    const { data, depth, parts, original } = path
    const [first = ''] = parts
    const isScoped = /^(?:\.|this\b)/.test(original)
    return {
      kind: 'path',
      position,
      isData: data,
      depth,
      parts: parts.map(toByteString),
      original: toByteString(original),
      isParameter: !data && depth === 0 && !isScoped && this.#parameters.includes(first),
    }
  }

  /** The word that may name a helper: one part, no `this.`, no `@`, no block parameter. */
  #helperName(path: handlebars.Expression): string | undefined {
    if (path.type !== 'PathExpression') return undefined
    const { data, depth, parts, original } = path
    const [name = ''] = parts
    const isSimple = parts.length === 1 && !data && depth === 0 && original === name
    return isSimple && !this.#parameters.includes(name) ? name : undefined
  }
}

function isOptional(argument: Expression | undefined): boolean {
  return argument?.kind === 'literal' && endsOptional(textOf(argument.value) ?? '')
}

const blockNames = ['if', 'unless', 'each', 'with', 'secret', 'raw'] as const

function isCallable(name: string): boolean {
  return helperFunctions.has(name) || ownCalls.some((own) => own === name)
}

function countProblem(name: string, given: number): string | undefined {
  const entry = helperFunctions.get(name)
  const least = entry?.parameters.length ?? (name === 'lookup' ? 2 : 1)
  if (given === least || (given > least && entry?.rest !== undefined)) return undefined
  const hint = given === 0 ? `; for a field of that name write this.${name}` : ''
  return `${name} takes ${least} argument${least === 1 ? '' : 's'}, not ${given}${hint}`
}

function unknownHelper(
  position: Position,
  path: handlebars.Expression,
  known: readonly string[],
): HandlebarsError {
  const name = path.type === 'PathExpression' ? path.original : literalName(path)
  const nearest = nearestName(name, known)
  const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`
  return new HandlebarsError(position, `there is no helper ${JSON.stringify(name)}${hint}`)
}

function literalName(literal: handlebars.Expression): string {
  switch (literal.type) {
    case 'StringLiteral':
    case 'NumberLiteral':
    case 'BooleanLiteral':
      return String(literal.value)
    default:
      return literal.type === 'NullLiteral' ? 'null' : 'undefined'
  }
}

function literalValue(value: string | number | boolean): Value {
  if (typeof value === 'string') return toByteString(value)
  if (typeof value === 'boolean') return value
  return Number.isSafeInteger(value) ? int(value) : float(value)
}
