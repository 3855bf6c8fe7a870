/** One template being executed: its variables, where it stands, and the rendering it belongs to. */
import type { Definition, Node } from './ast.ts'
import { fromByteString } from './byte-string.ts'
import { TemplateError, type TemplateErrorCode } from './error.ts'
import {
  DeniedError,
  FunctionError,
  type GoFunction,
  type MessagePart,
} from './functions/function.ts'
import { quote } from './quote.ts'
import type { Rendering } from './rendering.ts'
import { formatNode } from './source-form.ts'
import type { Value } from './values.ts'

interface Variable {
  readonly name: string
  value: Value
}

/** Where output goes: the file, or the result of `executeTemplate`. */
export interface Output {
  text: string
}

interface Place {
  readonly line: number
  /** From 1. */
  readonly column: number
  /** Byte string. */
  readonly text: string
}

export class Frame {
  readonly rendering: Rendering<Frame>
  readonly definition: Definition
  readonly output: Output
  /** How many templates called one another to get here. */
  readonly depth: number
  readonly #variables: Variable[]
  #node: Node | undefined

  constructor(
    rendering: Rendering<Frame>,
    definition: Definition,
    {
      output,
      depth,
      dot,
    }: { readonly output: Output; readonly depth: number; readonly dot: Value },
  ) {
    this.rendering = rendering
    this.definition = definition
    this.output = output
    this.depth = depth
    this.#variables = [{ name: '$', value: dot }]
  }

  /** Errors from here on point at `node`. */
  at(node: Node): void {
    this.#node = node
    this.rendering.spend(1, this)
  }

  write(text: string): void {
    this.output.text += text
    this.rendering.countOutput(this.output.text.length, this)
  }

  /** How many variables are known, to forget later ones with `forget`. */
  mark(): number {
    return this.#variables.length
  }

  forget(mark: number): void {
    this.#variables.length = mark
  }

  declare(name: string, value: Value): void {
    this.#variables.push({ name, value })
  }

  /** Sets the variable declared `fromTop`-last, 1 for the last. */
  setFromTop(fromTop: number, value: Value): void {
    const variable = this.#variables[this.#variables.length - fromTop]
    if (variable !== undefined) variable.value = value
  }

  assign(name: string, value: Value): void {
    this.#find(name).value = value
  }

  valueOf(name: string): Value {
    return this.#find(name).value
  }

  #find(name: string): Variable {
    const found = this.#variables.findLast((variable) => variable.name === name)
    return found ?? this.fail(`undefined variable: ${name}`)
  }

  /** Go's execution error at the node that was entered last. */
  fail(...parts: readonly MessagePart[]): never {
    throw this.#error(parts)
  }

  /** Runs a function; its failure becomes an error at `node` that names it. */
  call(callee: GoFunction, node: Node, values: readonly Value[]): Value {
    try {
      const where = () => `${this.#placeOf(node).text}: error calling ${callee.name}`
      return callee.run(values, this.rendering.hostFor(this, where))
    } catch (thrown) {
      if (!(thrown instanceof FunctionError)) throw thrown
      this.#node = node
      const code = thrown instanceof DeniedError ? 'template_denied' : 'template_failed'
      const parts = [`error calling ${callee.name}: `, ...thrown.parts]
      throw this.#error(parts, { code, function: callee.name })
    }
  }

  #error(
    parts: readonly MessagePart[],
    facts: { readonly code: TemplateErrorCode; readonly function?: string } = {
      code: 'template_failed',
    },
  ): TemplateError {
    const { line, column, text: place } = this.#placeOf(this.#node)
    const shown = parts.map((part) => this.rendering.show(part))
    return new TemplateError({
      ...facts,
      template: fromByteString(this.rendering.source.name),
      line,
      column,
      message: fromByteString(`${place}: ${shown.join('')}`),
    })
  }

  /** Where `node` stands, and how Go's errors say so: with a column that counts from 0. */
  #placeOf(node: Node | undefined): Place {
    const { source } = this.rendering
    const position = node?.position ?? 0
    const before = source.text.slice(0, position)
    const line = before.split('\n').length
    const column = position - before.lastIndexOf('\n')
    const context = node === undefined ? '' : formatNode(node)
    const name = quote(this.definition.name)
    const text = `template: ${source.name}:${line}:${column - 1}: executing ${name} at <${context}>`
    return { line, column, text }
  }
}
