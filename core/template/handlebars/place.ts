/** Where in a Handlebars template something is, and how its errors name the place. */
import { fromByteString, toByteString } from '../byte-string.ts'
import { TemplateError, type TemplateErrorCode } from '../error.ts'
import type { Position } from './ast.ts'

/** A failure at a position, before the template's name is put to it. `message` is an ordinary string without values. */
export class HandlebarsError extends Error {
  readonly position: Position
  /** Whether it is the operator's policy that says no. */
  readonly isDenied: boolean

  constructor(position: Position, message: string, isDenied = false) {
    super(message)
    this.position = position
    this.isDenied = isDenied
  }
}

export interface Source {
  /** Byte string. */
  readonly name: string
  /** Byte string. */
  readonly text: string
}

/** `template: NAME:LINE:COLUMN: message`; the column of the facts counts bytes from 1, as that of the go engine. */
export function toTemplateError(
  code: TemplateErrorCode,
  { name, text }: Source,
  { position: { line, column }, message, isDenied }: HandlebarsError,
): TemplateError {
  const before = fromByteString(text.split('\n')[line - 1] ?? '').slice(0, column - 1)
  const template = fromByteString(name)
  return new TemplateError({
    code: isDenied ? 'template_denied' : code,
    template,
    line,
    column: toByteString(before).length + 1,
    message: `template: ${template}:${line}:${column}: ${message}`,
  })
}
