/** Calls that no store can answer, seen in the text: what they name is no reference, or no store for that. */
import type { ReferenceStores } from '../reference.ts'
import type {
  CommandNode,
  Definition,
  ListNode,
  OperandNode,
  PipeNode,
  StatementNode,
} from './ast.ts'
import { FunctionError } from './functions/function.ts'
import { asks } from './functions/vault.ts'

export interface WrongReference {
  /** In bytes from the start. */
  readonly position: number
  /** Fixed words and names of stores. */
  readonly message: string
}

/** Those whose words are all written out. */
export function findWrongReferences(
  definitions: ReadonlyMap<string, Definition>,
  stores: ReferenceStores,
): readonly WrongReference[] {
  const commands = [...definitions.values()].flatMap(({ list }) => commandsOfList(list))
  return commands.flatMap((command) => judge(command, stores) ?? [])
}

function judge({ first, rest, position }: CommandNode, stores: ReferenceStores) {
  if (first.kind !== 'identifier') return undefined
  const ask = asks.get(first.name)
  const words = rest.flatMap((node) => (node.kind === 'string' ? [node.text] : []))
  if (ask === undefined || words.length === 0 || words.length < rest.length) return undefined
  try {
    ask(words, stores)
    return undefined
  } catch (thrown) {
    if (!(thrown instanceof FunctionError)) throw thrown
    const said = thrown.parts.filter((part) => typeof part === 'string').join('')
    return { position, message: `${first.name}: ${said.replace(/[: ]+$/, '')}` }
  }
}

function commandsOfList({ nodes }: ListNode): readonly CommandNode[] {
  return nodes.flatMap(commandsOfStatement)
}

function commandsOfStatement(node: StatementNode): readonly CommandNode[] {
  switch (node.kind) {
    case 'action':
      return commandsOfPipe(node.pipe)
    case 'template':
      return node.pipe === undefined ? [] : commandsOfPipe(node.pipe)
    case 'if':
    case 'with':
    case 'range':
      return [
        ...commandsOfPipe(node.pipe),
        ...commandsOfList(node.list),
        ...(node.elseList === undefined ? [] : commandsOfList(node.elseList)),
      ]
    default:
      return []
  }
}

/** A piped word is one that nobody can see here. */
function commandsOfPipe({ commands }: PipeNode): readonly CommandNode[] {
  return commands.flatMap((command, index) => [
    ...(index === 0 ? [command] : []),
    ...[command.first, ...command.rest].flatMap(commandsOfOperand),
  ])
}

function commandsOfOperand(node: OperandNode): readonly CommandNode[] {
  if (node.kind === 'pipe') return commandsOfPipe(node)
  return node.kind === 'chain' ? commandsOfOperand(node.node) : []
}
