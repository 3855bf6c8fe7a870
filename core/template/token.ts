/** What the lexer hands to the parser. Source: Go's text/template/parse/lex.go. */
import { decodeRune } from './byte-string.ts'
import { quote } from './quote.ts'

/** Words that are tokens of their own; the dot counts as one. */
const keywordKinds = {
  '.': 'dot',
  block: 'block',
  break: 'break',
  continue: 'continue',
  define: 'define',
  else: 'else',
  end: 'end',
  if: 'if',
  nil: 'nil',
  range: 'range',
  template: 'template',
  with: 'with',
} as const

export type KeywordKind = (typeof keywordKinds)[keyof typeof keywordKinds]

/** Keyword → kind of its token. */
export const keywords: ReadonlyMap<string, KeywordKind> = new Map(Object.entries(keywordKinds))

const keywordSet: ReadonlySet<string> = new Set(keywords.values())

export type TokenKind =
  | KeywordKind
  | 'assign'
  | 'bool'
  | 'char'
  | 'char-constant'
  | 'complex'
  | 'declare'
  | 'eof'
  | 'error'
  | 'field'
  | 'identifier'
  | 'left-delimiter'
  | 'left-paren'
  | 'number'
  | 'pipe'
  | 'raw-string'
  | 'right-delimiter'
  | 'right-paren'
  | 'space'
  | 'string'
  | 'text'
  | 'variable'

export interface Token {
  readonly kind: TokenKind
  /** Byte offset in the template. */
  readonly position: number
  /** Source text, for kind `error` the message. */
  readonly text: string
}

const shownRunes = 10

/** How an error names the token. */
export function describeToken({ kind, text }: Token): string {
  if (kind === 'eof') return 'EOF'
  if (kind === 'error') return text
  if (keywordSet.has(kind)) return `<${text}>`
  if (text.length <= shownRunes) return quote(text)
  return `${quote(firstRunes(text))}...`
}

function firstRunes(text: string): string {
  let at = 0
  for (let count = 0; count < shownRunes && at < text.length; count++) {
    at += decodeRune(text, at).size
  }
  return text.slice(0, at)
}
