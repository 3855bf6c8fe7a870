/** What every rendering of a template asks a store for, found in the parsed tree before anything is known. */
import type { ReferenceStores } from '../reference.ts'
import type {
  BranchNode,
  CommandNode,
  Definition,
  ListNode,
  OperandNode,
  PipeNode,
  StatementNode,
} from './ast.ts'
import { FunctionError } from './functions/function.ts'
import { type Ask, asks } from './functions/vault.ts'
import { isDenied, type TemplatePolicy } from './policy.ts'
import { type SecretQuestion, secretRequestKey } from './secret-request.ts'

export interface CertainTerms {
  readonly policy: TemplatePolicy
  readonly stores: ReferenceStores | undefined
}

/**
 * Requests with constant arguments outside of every condition, in order and without duplicates. A secret that was answered is
 * true, so what stands in `with secret "…"` is certain too; branches and loops over anything else are not, one key of a secret
 * and what is optional included.
 */
export function findCertainRequests(
  name: string,
  definitions: ReadonlyMap<string, Definition>,
  terms: CertainTerms,
): readonly SecretQuestion[] {
  const finder = new Finder(definitions, terms)
  finder.visitDefinition(name)
  return [...finder.found.values()]
}

class Finder {
  readonly found = new Map<string, SecretQuestion>()
  readonly #definitions: ReadonlyMap<string, Definition>
  readonly #stores: ReferenceStores | undefined
  readonly #asks: ReadonlyMap<string, Ask>
  readonly #visited = new Set<string>()

  constructor(definitions: ReadonlyMap<string, Definition>, { policy, stores }: CertainTerms) {
    this.#definitions = definitions
    this.#stores = stores
    this.#asks = new Map([...asks].filter(([name]) => !isDenied(policy, name)))
  }

  visitDefinition(name: string): void {
    const definition = this.#definitions.get(name)
    if (definition === undefined || this.#visited.has(name)) return
    this.#visited.add(name)
    this.#visitList(definition.list)
  }

  #visitList({ nodes }: ListNode): void {
    for (const node of nodes) this.#visitStatement(node)
  }

  #visitStatement(node: StatementNode): void {
    switch (node.kind) {
      case 'action':
        this.#visitPipe(node.pipe)
        break
      case 'template':
        if (node.pipe !== undefined) this.#visitPipe(node.pipe)
        this.visitDefinition(node.name)
        break
      case 'if':
      case 'with':
      case 'range':
        this.#visitBranch(node)
        break
      default:
    }
  }

  #visitBranch({ kind, pipe, list }: BranchNode): void {
    this.#visitPipe(pipe)
    if (kind !== 'range' && this.#isSecret(pipe)) this.#visitList(list)
  }

  #visitPipe({ commands }: PipeNode): void {
    for (const [index, command] of commands.entries()) this.#visitCommand(command, index > 0)
  }

  #visitCommand(command: CommandNode, isPiped: boolean): void {
    const { first, rest } = command
    const question = isPiped ? undefined : this.#questionOf(command)
    if (question !== undefined) this.#add(question)
    this.#visitOperand(first)
    // `and` and `or` may stop at any argument but the first.
    const isLazy = first.kind === 'identifier' && ['and', 'or'].includes(first.name)
    for (const operand of isLazy ? rest.slice(0, 1) : rest) this.#visitOperand(operand)
  }

  #visitOperand(node: OperandNode): void {
    if (node.kind === 'pipe') this.#visitPipe(node)
    else if (node.kind === 'chain') this.#visitOperand(node.node)
  }

  /** One answer may serve several; none of them is optional where one is not. */
  #add(question: SecretQuestion): void {
    const key = secretRequestKey(question.request)
    const other = this.found.get(key)
    const isBetter = other?.reference?.isOptional === true && !question.reference?.isOptional
    if (other === undefined || isBetter) this.found.set(key, question)
  }

  /** Whether the pipeline is a secret that is read, or a certificate, and nothing else; a write may be answered with nothing. */
  #isSecret({ commands }: PipeNode): boolean {
    const [command] = commands
    if (commands.length !== 1 || command === undefined || command.rest.length === 0) return false
    const { first, rest } = command
    if (first.kind !== 'identifier') return false
    if (first.name === 'pkiCert') return true
    if (first.name !== 'secret' || rest.length !== 1) return false
    if (this.#stores === undefined) return true
    const question = this.#questionOf(command)
    if (question === undefined) return false
    const { reference } = question
    return reference?.property === undefined && reference?.isOptional !== true
  }

  /** What a call with constant words alone asks for. */
  #questionOf({ first, rest }: CommandNode): SecretQuestion | undefined {
    if (first.kind !== 'identifier') return undefined
    const ask = this.#asks.get(first.name)
    const words = rest.flatMap((node) => (node.kind === 'string' ? [node.text] : []))
    if (ask === undefined || words.length < rest.length) return undefined
    if (first.name === 'secrets' && words.length !== 1) return undefined
    try {
      return ask(words, this.#stores)
    } catch (thrown) {
      if (thrown instanceof FunctionError) return undefined
      throw thrown
    }
  }
}
