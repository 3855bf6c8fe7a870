/** The paths of secrets that a template asks for, as far as they are written out in it. */
import type {
  CommandNode,
  Definition,
  Node,
  OperandNode,
  PipeNode,
  StatementNode,
} from '../../core/template/ast.ts'
import { fromByteString, toByteString } from '../../core/template/byte-string.ts'
import { TemplateError } from '../../core/template/error.ts'
import { parseDefinitions } from '../../core/template/parser.ts'

export interface AskedPaths {
  readonly paths: readonly string[]
  /** Whether it asks for a path that is computed, or is no template at all. */
  readonly unclear: boolean
}

/** The functions whose first argument is a path. Source: consul-template. */
const readers = ['secret', 'secrets', 'pkiCert']

/** In Go's template language. */
export function findPaths(
  text: string,
  delimiters: { readonly left: string; readonly right: string },
): AskedPaths {
  const definitions = parse(text, delimiters)
  if (definitions === undefined) return { paths: [], unclear: true }
  const asked = [...definitions.values()].flatMap(({ list }) => list.nodes.flatMap(visit))
  const paths = asked.flatMap((path) => (path === undefined ? [] : [path]))
  return { paths: [...new Set(paths)], unclear: asked.includes(undefined) }
}

/** Undefined for what does not parse. Functions of every agent are taken for known. */
function parse(
  text: string,
  { left, right }: { readonly left: string; readonly right: string },
): ReadonlyMap<string, Definition> | undefined {
  try {
    return parseDefinitions({
      name: 'template',
      text: toByteString(text),
      leftDelimiter: toByteString(left),
      rightDelimiter: toByteString(right),
      isFunction: () => true,
    })
  } catch (thrown) {
    // The parser recurses: what nests too deep exhausts the stack.
    if (thrown instanceof TemplateError || thrown instanceof RangeError) return undefined
    throw thrown
  }
}

/** Undefined stands for a path that is computed. */
type Asked = string | undefined

/** Without recursion, since templates nest as deep as they like. */
function visit(statement: StatementNode): readonly Asked[] {
  const asked: Asked[] = []
  const left: (StatementNode | Node)[] = [statement]
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (node.kind === 'pipe') asked.push(...readPipe(node))
    left.push(...listChildren(node))
  }
  return asked
}

function listChildren(node: StatementNode | Node): readonly (StatementNode | Node)[] {
  switch (node.kind) {
    case 'action':
      return [node.pipe]
    case 'if':
    case 'range':
    case 'with':
      return [node.pipe, ...node.list.nodes, ...(node.elseList?.nodes ?? [])]
    case 'template':
      return node.pipe === undefined ? [] : [node.pipe]
    case 'pipe':
      return node.commands
    case 'command':
      return [node.first, ...node.rest]
    case 'chain':
      return [node.node]
    default:
      return []
  }
}

/** What stands before a bar is the last argument of what follows it. */
function readPipe({ commands }: PipeNode): readonly Asked[] {
  return commands.flatMap((command, index) => {
    const { first, rest } = command
    if (first.kind !== 'identifier' || !readers.includes(first.name)) return []
    return [readText(rest[0] ?? readSingle(commands[index - 1]))]
  })
}

function readSingle(command: CommandNode | undefined): OperandNode | undefined {
  return command?.rest.length === 0 ? command.first : undefined
}

function readText(operand: OperandNode | undefined): Asked {
  return operand?.kind === 'string' ? fromByteString(operand.text) : undefined
}
