/** The error of a template that does not parse or whose rendering fails. */

/**
 * - `template_invalid`: the text does not parse;
 * - `template_failed`: rendering failed, or a budget was spent;
 * - `template_denied`: rendering reached a function that the policy denies.
 */
export type TemplateErrorCode = 'template_invalid' | 'template_failed' | 'template_denied'

export interface TemplateErrorFacts {
  readonly code: TemplateErrorCode
  /** The name given to the template, often a file's path. */
  readonly template: string
  /** From 1. */
  readonly line: number
  /** From 1, in bytes. */
  readonly column?: number
  /** The function that is unknown or that failed. */
  readonly function?: string
  /** Go's spelling, `template: NAME:LINE: …`, never with a secret's value. */
  readonly message: string
}

export class TemplateError extends Error implements TemplateErrorFacts {
  readonly code: TemplateErrorCode
  readonly template: string
  readonly line: number
  declare readonly column?: number
  declare readonly function?: string

  constructor(facts: TemplateErrorFacts) {
    super(facts.message)
    this.name = 'TemplateError'
    this.code = facts.code
    this.template = facts.template
    this.line = facts.line
    if (facts.column !== undefined) this.column = facts.column
    if (facts.function !== undefined) this.function = facts.function
  }
}
