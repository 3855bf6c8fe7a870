/** The part of handlebars that is used, typed as it behaves (4.7.10): its own types leave out what is optional. */
declare module 'handlebars/dist/cjs/handlebars/compiler/base.js' {
  interface Located {
    readonly loc: { readonly start: { readonly line: number; readonly column: number } }
  }

  interface Program {
    readonly body: readonly Statement[]
    readonly blockParams?: readonly string[]
  }

  interface Call extends Located {
    readonly path: Expression
    readonly params: readonly Expression[]
    readonly hash?: Hash
  }

  interface Hash {
    readonly pairs: readonly (Located & { readonly key: string; readonly value: Expression })[]
  }

  type Statement = Located &
    (
      | { readonly type: 'ContentStatement'; readonly value: string }
      | { readonly type: 'CommentStatement' }
      | (Call & { readonly type: 'MustacheStatement' })
      | (Call & {
          readonly type: 'BlockStatement'
          readonly program?: Program
          readonly inverse?: Program
        })
      | { readonly type: 'PartialStatement' | 'PartialBlockStatement' }
      | { readonly type: 'Decorator' | 'DecoratorBlock' }
    )

  type Expression = Located &
    (
      | {
          readonly type: 'PathExpression'
          readonly data: boolean
          readonly depth: number
          readonly parts: readonly string[]
          readonly original: string
        }
      | (Call & { readonly type: 'SubExpression' })
      | { readonly type: 'StringLiteral'; readonly value: string }
      | { readonly type: 'NumberLiteral'; readonly value: number }
      | { readonly type: 'BooleanLiteral'; readonly value: boolean }
      | { readonly type: 'NullLiteral' | 'UndefinedLiteral' }
    )

  /** Pure of side effects but for `parser`. Throws for what does not parse, some of it with `lineNumber` and `column`. */
  export function parse(text: string): Program
  export const parser: {
    /** Where the last parse stopped. */
    readonly lexer: {
      readonly match: string
      readonly yylloc: { readonly first_line: number; readonly first_column: number }
    }
  }
}
