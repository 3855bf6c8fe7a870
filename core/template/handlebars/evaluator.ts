/** Walks a tree and writes its output, with the values of its secrets; no code is made of it. */
import { sortedEntries } from '../map-key.ts'
import { sprint } from '../printer.ts'
import { elementOf, int, typeOf, unbox, type Value } from '../values.ts'
import type { BlockStatement, Expression, Program, Statement } from './ast.ts'
import type { Execution } from './execution.ts'
import { Expressions, type OnMissing } from './expressions.ts'
import { enter, type Frame, isEmpty, isZero } from './frame.ts'

/** A block helper: its block, where it stands, and the value of its argument. */
type RunBlock = (block: BlockStatement, frame: Frame) => void

export class Evaluator {
  readonly #execution: Execution
  readonly #expressions: Expressions
  #depth = 0

  constructor(execution: Execution) {
    this.#execution = execution
    this.#expressions = new Expressions(execution)
  }

  run({ body }: Program, frame: Frame): void {
    const { depth } = this.#execution.rendering.limits
    this.#depth++
    if (this.#depth > depth) this.#execution.fail(`exceeded the budget of ${depth} nested blocks`)
    for (const statement of body) this.#execute(statement, frame)
    this.#depth--
  }

  #execute(statement: Statement, frame: Frame): void {
    this.#execution.spend()
    if (statement.kind === 'content') this.#execution.write(statement.text)
    else if (statement.kind === 'output') this.#print(statement.expression, frame)
    else this.#blocks[statement.block](statement, frame)
  }

  #print(expression: Expression, frame: Frame): void {
    const value = this.#expressions.evaluate(expression, frame)
    this.#execution.at(expression.position)
    if (value === undefined) return
    if (typeof value === 'object' && (value.kind === 'map' || value.kind === 'slice')) {
      const what = value.kind === 'map' ? 'a map' : 'a list'
      this.#execution.fail(`${what} has no text of its own; write toJSON or toYAML before it`)
    }
    this.#execution.write(sprint([value]))
  }

  readonly #blocks: Readonly<Record<BlockStatement['block'], RunBlock>> = {
    raw: ({ program }, frame) => this.run(program, frame),
    if: (block, frame) => this.#choose(block, frame, this.#condition(block, frame)),
    unless: (block, frame) => this.#choose(block, frame, !this.#condition(block, frame)),
    with: (block, frame) => {
      const value = this.#argument(block, frame)
      if (isEmpty(value)) this.#inverse(block, frame)
      else this.#inside(block, frame, value)
    },
    each: (block, frame) => this.#each(block, frame, this.#argument(block, frame)),
    section: (block, frame) => this.#section(block, frame),
    secret: (block, frame) => {
      const asked = this.#expressions.ask(block, frame)
      if (asked?.isThere === true) this.#inside(block, frame, asked.view)
      else if (asked !== undefined) this.#inverse(block, frame)
      else this.#foresee(block, frame)
    },
  }

  #argument({ argument }: BlockStatement, frame: Frame, onMissing: OnMissing = 'fail'): Value {
    return argument && this.#expressions.evaluate(argument, frame, onMissing)
  }

  /** Source: Handlebars' `if`: zero is false unless includeZero says otherwise. */
  #condition(block: BlockStatement, frame: Frame): boolean {
    const value = this.#argument(block, frame, 'null')
    const option = block.named.get('includeZero')
    const includesZero = option !== undefined && this.#expressions.evaluate(option, frame) === true
    return !isEmpty(value) && (includesZero || !isZero(value))
  }

  #choose(block: BlockStatement, frame: Frame, condition: boolean): void {
    if (condition) this.run(block.program, frame)
    else this.#inverse(block, frame)
  }

  #inverse({ inverse }: BlockStatement, frame: Frame): void {
    if (inverse !== undefined) this.run(inverse, frame)
  }

  #inside({ program }: BlockStatement, frame: Frame, value: Value): void {
    this.run(program, enter(frame, value, { names: program.blockParams, values: [value] }))
  }

  /** Source: Handlebars' blockHelperMissing. */
  #section(block: BlockStatement, frame: Frame): void {
    const value = this.#argument(block, frame)
    if (value === true) this.run(block.program, frame)
    else if (isEmpty(value)) this.#inverse(block, frame)
    else if (typeof value === 'object' && value.kind === 'slice') this.#each(block, frame, value)
    else this.#inside(block, frame, value)
  }

  /** Maps in the order of their keys' bytes. */
  #each(block: BlockStatement, frame: Frame, value: Value): void {
    const entries = this.#entriesOf(block, value)
    if (entries.length === 0) this.#inverse(block, frame)
    const { program } = block
    for (const [index, [key, item]] of entries.entries()) {
      this.#execution.spend()
      const variables = new Map<string, Value>([
        ['key', key],
        ['index', int(index)],
        ['first', index === 0],
        ['last', index === entries.length - 1],
      ])
      const binding = { names: program.blockParams, values: [item, key], variables }
      this.run(program, enter(frame, item, binding))
    }
  }

  #entriesOf({ position }: BlockStatement, value: Value): readonly (readonly [Value, Value])[] {
    if (value === undefined) return []
    if (typeof value === 'object' && value.kind === 'slice') {
      return value.items.map((item, index) => [int(index), unbox(elementOf(value, item))] as const)
    }
    if (typeof value === 'object' && value.kind === 'map') {
      return sortedEntries(value).map((entry) => [entry.key, unbox(entry.value)] as const)
    }
    this.#execution.at(position)
    return this.#execution.fail(`each takes a list or a map, not a value of type ${typeOf(value)}`)
  }

  /** Asks for the secrets inside of one that is not known yet, where their paths are written out, so that all are fetched at once. */
  #foresee({ argument, program: { body } }: BlockStatement, frame: Frame): void {
    if (this.#expressions.mayBeAbsent(argument)) return
    for (const statement of body) {
      if (statement.kind !== 'block' || statement.block !== 'secret') continue
      const used = [statement.argument, ...statement.named.values()]
      if (used.every((expression) => expression?.kind === 'literal')) {
        this.#expressions.ask(statement, frame)
      }
      this.#foresee(statement, frame)
    }
  }
}
