/** The words of HCL version 1 and how its texts go wrong. */

export type Punctuation = '{' | '}' | '[' | ']' | ',' | '='

export type Token =
  | { readonly kind: 'name' | 'string' | 'heredoc'; readonly at: number; readonly text: string }
  /** `text` is as it was written: `0640` stays octal. */
  | { readonly kind: 'number'; readonly at: number; readonly text: string }
  | { readonly kind: 'boolean'; readonly at: number; readonly value: boolean }
  | { readonly kind: Punctuation | 'end'; readonly at: number }

/** Says where a text stops being HCL; the text itself may be secret and is never quoted. */
export class HclSyntaxError extends Error {
  /** Index of the UTF-16 unit that is wrong. */
  readonly offset: number
  readonly expected: string
  readonly hint: string | undefined

  constructor(offset: number, expected: string, hint?: string) {
    super(`invalid HCL at offset ${offset}`)
    this.name = 'HclSyntaxError'
    this.offset = offset
    this.expected = expected
    this.hint = hint
  }
}

/** What a message calls a token. */
export function describeToken({ kind }: Token): string {
  if (kind === 'end') return 'the end of the file'
  return kind.length === 1 ? kind : `a ${kind}`
}
