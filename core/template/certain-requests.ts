/** What every rendering of a template asks a store for, found in the parsed tree before anything is known. */
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
import { requestBuilders } from './functions/vault.ts'
import { isDenied, type TemplatePolicy } from './policy.ts'
import { type SecretRequest, secretRequestKey } from './secret-request.ts'

/**
 * Requests with constant arguments outside of every condition, in order and without duplicates. A secret that was answered is
 * true, so what stands in `with secret "…"` is certain too; branches and loops over anything else are not.
 */
export function findCertainRequests(
  name: string,
  definitions: ReadonlyMap<string, Definition>,
  policy: TemplatePolicy,
): readonly SecretRequest[] {
  const asking = [...requestBuilders].filter(([asker]) => !isDenied(policy, asker))
  const finder = new Finder(definitions, new Map(asking))
  finder.visitDefinition(name)
  return [...finder.found.values()]
}

class Finder {
  readonly found = new Map<string, SecretRequest>()
  readonly #definitions: ReadonlyMap<string, Definition>
  readonly #builders: typeof requestBuilders
  readonly #visited = new Set<string>()

  constructor(definitions: ReadonlyMap<string, Definition>, builders: typeof requestBuilders) {
    this.#definitions = definitions
    this.#builders = builders
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
    if (kind !== 'range' && isSecret(pipe)) this.#visitList(list)
  }

  #visitPipe({ commands }: PipeNode): void {
    for (const [index, command] of commands.entries()) this.#visitCommand(command, index > 0)
  }

  #visitCommand(command: CommandNode, isPiped: boolean): void {
    const { first, rest } = command
    const request = isPiped ? undefined : requestOf(command, this.#builders)
    if (request !== undefined) this.found.set(secretRequestKey(request), request)
    this.#visitOperand(first)
    // `and` and `or` may stop at any argument but the first.
    const isLazy = first.kind === 'identifier' && ['and', 'or'].includes(first.name)
    for (const operand of isLazy ? rest.slice(0, 1) : rest) this.#visitOperand(operand)
  }

  #visitOperand(node: OperandNode): void {
    if (node.kind === 'pipe') this.#visitPipe(node)
    else if (node.kind === 'chain') this.#visitOperand(node.node)
  }
}

/** Whether the pipeline is a secret that is read, or a certificate, and nothing else; a write may be answered with nothing. */
function isSecret({ commands }: PipeNode): boolean {
  const [command] = commands
  if (commands.length !== 1 || command === undefined || command.rest.length === 0) return false
  const { first, rest } = command
  if (first.kind !== 'identifier') return false
  return first.name === 'pkiCert' || (first.name === 'secret' && rest.length === 1)
}

/** What a call with constant words alone asks for. */
function requestOf(
  { first, rest }: CommandNode,
  builders: typeof requestBuilders,
): SecretRequest | undefined {
  if (first.kind !== 'identifier') return undefined
  const build = builders.get(first.name)
  const words = rest.flatMap((node) => (node.kind === 'string' ? [node.text] : []))
  if (build === undefined || words.length < rest.length) return undefined
  if (first.name === 'secrets' && words.length !== 1) return undefined
  try {
    return build(words)
  } catch (thrown) {
    if (thrown instanceof FunctionError) return undefined
    throw thrown
  }
}
