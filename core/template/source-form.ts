/** Nodes as normalised source, the way Go's errors show them. Source: Go's text/template/parse/node.go. */
import type { CommandNode, Node, OperandNode, PipeNode } from './ast.ts'
import { quote } from './quote.ts'

/** The node as one line; of a branch only its opening action. */
export function formatNode(node: Node): string {
  switch (node.kind) {
    case 'action':
      return `{{${formatPipe(node.pipe)}}}`
    case 'template': {
      const argument = node.pipe === undefined ? '' : ` ${formatPipe(node.pipe)}`
      return `{{template ${quote(node.name)}${argument}}}`
    }
    case 'if':
    case 'range':
    case 'with':
      return `{{${node.kind} ${formatPipe(node.pipe)}}}`
    case 'command':
      return formatCommand(node)
    default:
      return formatOperand(node)
  }
}

function formatPipe({ variables, isAssignment, commands }: PipeNode): string {
  const names = variables.map(({ name }) => name).join(', ')
  const declaration = names === '' ? '' : `${names} ${isAssignment ? '=' : ':='} `
  return declaration + commands.map(formatCommand).join(' | ')
}

function formatCommand({ first, rest }: CommandNode): string {
  return [first, ...rest].map(formatArgument).join(' ')
}

function formatArgument(node: OperandNode): string {
  return node.kind === 'pipe' ? `(${formatPipe(node)})` : formatOperand(node)
}

function formatOperand(node: OperandNode): string {
  switch (node.kind) {
    case 'dot':
      return '.'
    case 'nil':
      return 'nil'
    case 'bool':
      return String(node.value)
    case 'string':
      return node.literal
    case 'number':
      return node.literal.text
    case 'identifier':
      return node.name
    case 'field':
      return `.${node.names.join('.')}`
    case 'variable':
      return [node.name, ...node.fields].join('.')
    case 'chain':
      return [formatArgument(node.node), ...node.fields].join('.')
    case 'pipe':
      return formatPipe(node)
  }
}
