/** One rendering under way: where it stands, what it may spend, how it fails. */
import { fromByteString } from '../byte-string.ts'
import { DeniedError, FunctionError, type MessagePart } from '../functions/function.ts'
import type { Failing, Rendering } from '../rendering.ts'
import type { Position } from './ast.ts'
import { HandlebarsError } from './place.ts'

export class Execution implements Failing {
  readonly rendering: Rendering<Execution>
  /** Byte string. */
  output = ''
  #position: Position = { line: 1, column: 1 }

  constructor(rendering: Rendering<Execution>) {
    this.rendering = rendering
  }

  /** Failures from here on are reported at `position`. */
  at(position: Position): void {
    this.#position = position
  }

  fail(...parts: readonly MessagePart[]): never {
    throw this.#error(parts)
  }

  spend(): void {
    this.rendering.spend(1, this)
  }

  write(text: string): void {
    this.output += text
    this.rendering.countOutput(this.output.length, this)
  }

  /** A function's failure becomes one of the template, under the name it was called by. */
  attempt<T>(name: string, run: () => T): T {
    try {
      return run()
    } catch (thrown) {
      if (!(thrown instanceof FunctionError)) throw thrown
      throw this.#error([`${name}: `, ...thrown.parts], thrown instanceof DeniedError)
    }
  }

  #error(parts: readonly MessagePart[], isDenied = false): HandlebarsError {
    const shown = parts.map((part) => this.rendering.show(part)).join('')
    return new HandlebarsError(this.#position, fromByteString(shown), isDenied)
  }
}
