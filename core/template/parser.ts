/** Parses a template's text into its definitions. Source: Go's text/template/parse/parse.go. */
import type {
  ActionNode,
  BranchNode,
  Definition,
  ListNode,
  StatementNode,
  TemplateNode,
} from './ast.ts'
import { fromByteString } from './byte-string.ts'
import { ExpressionParser, type NameOptions } from './expression-parser.ts'
import { Lexer } from './lexer.ts'
import { quote } from './quote.ts'
import type { Token } from './token.ts'
import { TokenStream } from './token-stream.ts'

/** Branches and blocks nest no deeper, `else if` counting as one more. */
const depthLimit = 500

export interface ParseOptions extends NameOptions {
  readonly name: string
  /** Byte string. */
  readonly text: string
  /** Byte strings. */
  readonly leftDelimiter: string
  readonly rightDelimiter: string
}

/** Every template defined in the text by name, the text itself under the name given. Throws `TemplateError`. */
export function parseDefinitions(options: ParseOptions): ReadonlyMap<string, Definition> {
  const { name, text, leftDelimiter, rightDelimiter } = options
  const tokens = new TokenStream(name, text, new Lexer(text, leftDelimiter, rightDelimiter))
  const parser = new TemplateParser(tokens, new ExpressionParser(tokens, options))
  return parser.parse(name)
}

/** What ends a list: `else` is followed by what it says, `end` by nothing. */
interface Terminator {
  readonly kind: 'else' | 'end'
}

class TemplateParser {
  readonly #tokens: TokenStream
  readonly #expressions: ExpressionParser
  readonly #definitions = new Map<string, Definition>()
  #rangeDepth = 0
  #depth = 0

  constructor(tokens: TokenStream, expressions: ExpressionParser) {
    this.#tokens = tokens
    this.#expressions = expressions
  }

  parse(name: string): ReadonlyMap<string, Definition> {
    const nodes: StatementNode[] = []
    while (this.#tokens.peek().kind !== 'eof') {
      if (this.#parseDefine()) continue
      const node = this.#parseStatement()
      if (isTerminator(node)) this.#tokens.fail({ message: `unexpected {{${node.kind}}}` })
      nodes.push(node)
    }
    this.#define({ name, list: { kind: 'list', nodes } })
    return this.#definitions
  }

  #parseDefine(): boolean {
    const context = 'define clause'
    const delimiter = this.#tokens.peek()
    if (delimiter.kind !== 'left-delimiter') return false
    this.#tokens.next()
    const keyword = this.#tokens.nextNonSpace()
    if (keyword.kind !== 'define') {
      this.#tokens.giveBack(keyword, delimiter)
      return false
    }
    const name = this.#parseName(this.#tokens.nextNonSpace(), context)
    this.#tokens.expect('right-delimiter', context)
    this.#define({ name, list: this.#parseBody(context) })
    return true
  }

  /** The statements of a `define` or `block` with its `end`; variables and ranges around it do not count inside. */
  #parseBody(context: string): ListNode {
    const rangeDepth = this.#rangeDepth
    const head = this.#tokens.latest
    this.#rangeDepth = 0
    this.#tokens.actionStart = undefined
    const [list, end] = this.#nested(() => this.#expressions.isolated(() => this.#parseList()))
    if (end.kind !== 'end') {
      const message = `unexpected {{${end.kind}}} in ${context}`
      // In Go the tree around a block has not seen its body.
      this.#tokens.fail(context === 'block clause' ? { message, told: head } : { message })
    }
    this.#rangeDepth = rangeDepth
    return list
  }

  /** Blank definitions neither override nor clash. */
  #define(definition: Definition): void {
    const known = this.#definitions.get(definition.name)
    if (known === undefined || isBlank(known.list)) {
      this.#definitions.set(definition.name, definition)
    } else if (!isBlank(definition.list)) {
      const name = quote(definition.name)
      this.#tokens.fail({ message: `template: multiple definition of template ${name}` })
    }
  }

  #parseList(): readonly [ListNode, Terminator] {
    const nodes: StatementNode[] = []
    while (this.#tokens.peekNonSpace().kind !== 'eof') {
      const node = this.#parseStatement()
      if (isTerminator(node)) return [{ kind: 'list', nodes }, node]
      nodes.push(node)
    }
    return this.#tokens.fail({ message: 'unexpected EOF' })
  }

  #parseStatement(): StatementNode | Terminator {
    const token = this.#tokens.nextNonSpace()
    const { kind, position, text } = token
    if (kind === 'text') return { kind, position, text }
    if (kind !== 'left-delimiter') return this.#tokens.failUnexpected(token, 'input')
    this.#tokens.actionStart = position
    const node = this.#parseAction()
    this.#tokens.actionStart = undefined
    return node
  }

  #parseAction(): StatementNode | Terminator {
    const token = this.#tokens.nextNonSpace()
    switch (token.kind) {
      case 'block':
        return this.#parseBlock()
      case 'break':
      case 'continue':
        return this.#parseJump(token.kind, token.position)
      case 'else':
        return this.#parseElse()
      case 'end':
        this.#tokens.expect('right-delimiter', 'end')
        return { kind: 'end' }
      case 'if':
      case 'range':
      case 'with':
        return this.#parseBranch(token.kind)
      case 'template':
        return this.#parseTemplate()
      default:
        this.#tokens.giveBack(token)
        return this.#parseCommand()
    }
  }

  #parseCommand(): ActionNode {
    const { position } = this.#tokens.peek()
    const pipe = this.#expressions.parsePipeline('command', 'right-delimiter')
    return { kind: 'action', position, pipe }
  }

  #parseJump(kind: 'break' | 'continue', position: number): StatementNode {
    const token = this.#tokens.nextNonSpace()
    if (token.kind !== 'right-delimiter') this.#tokens.failUnexpected(token, `{{${kind}}}`)
    if (this.#rangeDepth === 0) this.#tokens.fail({ message: `{{${kind}}} outside {{range}}` })
    return { kind, position }
  }

  /** Leaves `if` and `with` for the branch that may continue with them. */
  #parseElse(): Terminator {
    const { kind } = this.#tokens.peekNonSpace()
    if (kind !== 'if' && kind !== 'with') this.#tokens.expect('right-delimiter', 'else')
    return { kind: 'else' }
  }

  #parseBranch(kind: BranchNode['kind']): BranchNode {
    return this.#nested(() =>
      this.#expressions.scoped(() => {
        const pipe = this.#expressions.parsePipeline(kind, 'right-delimiter')
        if (kind === 'range') this.#rangeDepth++
        const [list, next] = this.#parseList()
        if (kind === 'range') this.#rangeDepth--
        const elseList = next.kind === 'else' ? this.#parseElseList(kind) : undefined
        return { kind, position: pipe.position, pipe, list, elseList }
      }),
    )
  }

  #parseElseList(kind: BranchNode['kind']): ListNode {
    if (kind !== 'range' && this.#tokens.peek().kind === kind) {
      this.#tokens.next()
      return { kind: 'list', nodes: [this.#parseBranch(kind)] }
    }
    const [list, end] = this.#parseList()
    if (end.kind !== 'end') this.#tokens.fail({ message: 'expected end; found {{else}}' })
    return list
  }

  #parseBlock(): TemplateNode {
    const context = 'block clause'
    const token = this.#tokens.nextNonSpace()
    const name = this.#parseName(token, context)
    const pipe = this.#expressions.parsePipeline(context, 'right-delimiter')
    this.#define({ name, list: this.#parseBody(context) })
    return { kind: 'template', position: token.position, name, pipe }
  }

  #parseTemplate(): TemplateNode {
    const context = 'template clause'
    const token = this.#tokens.nextNonSpace()
    const name = this.#parseName(token, context)
    const next = this.#tokens.nextNonSpace()
    if (next.kind === 'right-delimiter') {
      return { kind: 'template', position: token.position, name, pipe: undefined }
    }
    this.#tokens.giveBack(next)
    const pipe = this.#expressions.parsePipeline(context, 'right-delimiter')
    return { kind: 'template', position: token.position, name, pipe }
  }

  #parseName(token: Token, context: string): string {
    if (token.kind !== 'string' && token.kind !== 'raw-string') {
      this.#tokens.failUnexpected(token, context)
    }
    return this.#expressions.unquoteToken(token)
  }

  #nested<T>(parse: () => T): T {
    if (this.#depth >= depthLimit) this.#tokens.fail({ message: 'max nesting depth exceeded' })
    this.#depth++
    const result = parse()
    this.#depth--
    return result
  }
}

function isTerminator(node: StatementNode | Terminator): node is Terminator {
  return node.kind === 'else' || node.kind === 'end'
}

/** The white space of Unicode, without U+FEFF that JavaScript counts too. */
const onlySpace = /^[\p{White_Space}]*$/u

/** True when nothing but space is in the list; what Go's bytes.TrimSpace removes counts as space. */
function isBlank({ nodes }: ListNode): boolean {
  return nodes.every((node) => node.kind === 'text' && onlySpace.test(fromByteString(node.text)))
}
