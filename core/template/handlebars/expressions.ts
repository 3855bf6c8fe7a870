/** Expressions to values: fields, data variables, calls. No property of a JavaScript object is ever looked up. */
import { endsOptional } from '../../reference.ts'
import { scalarText } from '../formats/scalar-text.ts'
import type { FunctionHost } from '../functions/function.ts'
import { findMember, suggestPath } from '../named-member.ts'
import { sprint } from '../printer.ts'
import { quote } from '../quote.ts'
import { type GoPointer, originOf, textOf, unbox, type Value } from '../values.ts'
import { toArgument } from './argument.ts'
import type { CallExpression, Expression, Named, PathExpression, Position } from './ast.ts'
import type { Execution } from './execution.ts'
import type { Frame } from './frame.ts'
import { helperFunctions } from './helpers.ts'
import { viewSecret } from './secret-view.ts'

/** Ends a pass at an expression that needs an answer which is not there yet. */
export class Unanswered extends Error {}

/** A secret that was asked for. */
export interface Asked {
  /** As the block sees it. */
  readonly view: Value
  /** As an expression: of a reference to one key the value alone. */
  readonly value: Value
  /** False where a reference that may lead nowhere leads to nothing, or to an empty value. */
  readonly isThere: boolean
}

/** Whether a last part that is not there is a failure, or null: it may be asked after by `if` and `unless`. */
export type OnMissing = 'fail' | 'null'

/** A path with its first step taken. */
interface Walk {
  readonly root: Value
  readonly parts: readonly string[]
}

export interface Asking {
  readonly argument: Expression | undefined
  readonly named: Named
  readonly position: Position
}

export class Expressions {
  readonly #execution: Execution
  readonly #host: FunctionHost
  readonly #views = new Map<GoPointer, Value>()

  constructor(execution: Execution) {
    this.#execution = execution
    this.#host = execution.rendering.hostFor(execution, () => '')
  }

  evaluate(expression: Expression, frame: Frame, onMissing: OnMissing = 'fail'): Value {
    this.#execution.spend()
    switch (expression.kind) {
      case 'literal':
        return expression.value
      case 'path':
        return this.#resolve(expression, frame, onMissing)
      case 'call':
        return this.#call(expression, frame, onMissing)
    }
  }

  /** Undefined while it is not known. Named arguments make it a write, as in the go engine. */
  ask({ argument, named, position }: Asking, frame: Frame): Asked | undefined {
    const path = textOf(argument && this.evaluate(argument, frame))
    const pairs = Array.from(
      named,
      ([key, expression]) => `${key}=${scalarText(this.evaluate(expression, frame))}`,
    )
    this.#execution.at(position)
    if (path === undefined) return this.#execution.fail('secret: the path must be a text')
    const asked = this.#execution.attempt('secret', () =>
      this.#execution.rendering.functions.get('secret')?.run([path, ...pairs], this.#host),
    )
    const value = unbox(asked)
    const origin = originOf(asked)
    if (origin !== undefined) {
      const isThere = value !== '' || !endsOptional(path)
      return { view: viewSecret(origin), value, isThere }
    }
    if (typeof value !== 'object' || value.kind !== 'pointer') return undefined
    const view = this.#views.get(value) ?? viewSecret(value)
    this.#views.set(value, view)
    return { view, value: view, isThere: true }
  }

  /** Whether a block may be skipped, as far as its text tells. */
  mayBeAbsent(argument: Expression | undefined): boolean {
    if (this.#host.stores === undefined) return false
    return argument?.kind !== 'literal' || endsOptional(textOf(argument.value) ?? '')
  }

  #resolve(path: PathExpression, frame: Frame, onMissing: OnMissing): Value {
    this.#execution.at(path.position)
    const walk = this.#begin(path, frame)
    let current = walk.root
    for (const [index, part] of walk.parts.entries()) {
      const found = findMember(current, part)
      const isLast = index === walk.parts.length - 1
      if (found === undefined && isLast && onMissing === 'null') return undefined
      current = found === undefined ? this.#failAt(path, walk, index) : found.value
    }
    return current
  }

  #begin(path: PathExpression, frame: Frame): Walk {
    const [first = '', ...others] = path.parts
    if (path.isParameter) return { root: frame.parameters.get(first), parts: others }
    if (path.isData) return { root: this.#dataVariable(path, frame, first), parts: others }
    let around: Frame | undefined = frame
    for (let level = 0; level < path.depth; level++) around = around?.parent
    if (around === undefined) {
      return this.#execution.fail(`${path.original} leads out of the template`)
    }
    return { root: around.context, parts: path.parts }
  }

  #dataVariable({ original, depth }: PathExpression, frame: Frame, name: string): Value {
    if (name === 'root' && depth === 0) {
      let outermost = frame
      while (outermost.parent !== undefined) outermost = outermost.parent
      return outermost.context
    }
    let data: Frame['data'] | undefined = frame.data
    for (let level = 0; level < depth; level++) data = data?.parent
    if (data?.variables.has(name) === true) return data.variables.get(name)
    return this.#execution.fail(`there is no ${original} here`)
  }

  /** Names are no values, so the ones that are there may be suggested. */
  #failAt(
    { original, parts: written }: PathExpression,
    { root, parts }: Walk,
    index: number,
  ): never {
    const taken = written.length - parts.length
    const prefix = original.slice(0, original.length - written.slice(taken).join('.').length)
    const suggestion = suggestPath(root, parts, index)
    const hint = suggestion === undefined ? '' : `; did you mean ${prefix}${suggestion.join('.')}?`
    return this.#execution.fail(`${original}: there is no ${quote(parts[index] ?? '')}${hint}`)
  }

  #call(call: CallExpression, frame: Frame, onMissing: OnMissing): Value {
    const { name, position, named } = call
    if (name === 'secret') {
      const [argument] = call.arguments
      const asked = this.ask({ argument, named, position }, frame)
      if (asked === undefined) throw new Unanswered()
      return asked.value
    }
    const values = call.arguments.map((argument) => this.evaluate(argument, frame))
    this.#execution.at(position)
    return name === 'lookup' ? this.#lookup(values, onMissing) : this.#run(name, values)
  }

  #lookup([container, key]: readonly Value[], onMissing: OnMissing): Value {
    const name = key === undefined ? '' : sprint([key])
    const found = findMember(container, name)
    if (found !== undefined) return found.value
    if (onMissing === 'null') return undefined
    return this.#execution.fail('lookup: there is no ', { value: quote(name) })
  }

  #run(name: string, values: readonly Value[]): Value {
    const execution = this.#execution
    const helper = helperFunctions.get(name)
    const allowed = execution.rendering.functions.get(name)
    if (helper === undefined || allowed === undefined)
      return execution.fail(`there is no helper ${name}`)
    return execution.attempt(name, () => {
      const passed = values.map((value, index) =>
        toArgument(value, helper.parameters[index] ?? helper.rest ?? ''),
      )
      const result = unbox(allowed.run(passed, this.#host))
      execution.rendering.chargeFor(result, execution)
      return result
    })
  }
}
