/** What YAML text is cut into, and what is said where it is malformed. Source: libyaml, as yaml.v2 carries it. */

/** Where something begins. */
export interface Mark {
  /** UTF-16 units from the start. */
  readonly at: number
  /** From 0. */
  readonly line: number
  readonly column: number
}

export type YamlToken =
  | {
      readonly kind:
        | 'document-start'
        | 'document-end'
        | 'block-sequence'
        | 'block-mapping'
        | 'block-end'
        | 'flow-sequence'
        | 'flow-sequence-end'
        | 'flow-mapping'
        | 'flow-mapping-end'
        | 'entry'
        | 'flow-entry'
        | 'key'
        | 'value'
        | 'end'
      readonly mark: Mark
    }
  | {
      readonly kind: 'alias' | 'anchor' | 'tag' | 'directive'
      readonly text: string
      readonly mark: Mark
    }
  | {
      readonly kind: 'scalar'
      readonly text: string
      /** Only plain scalars can be something else than strings. */
      readonly isPlain: boolean
      readonly mark: Mark
    }

/** Malformed YAML. `problem` never quotes the text. */
export class YamlSyntaxError extends Error {
  readonly problem: string
  /** From 1; 0 where yaml.v2 names none. */
  readonly line: number

  constructor(problem: string, line: number) {
    super(problem)
    this.name = 'YamlSyntaxError'
    this.problem = problem
    this.line = line
  }
}
