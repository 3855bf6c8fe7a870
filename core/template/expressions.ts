/** Evaluates pipelines, commands and calls. Source: Go's text/template/exec.go. */
import { literalFor, literalValue, nilFor, toParameter } from './argument.ts'
import type {
  ChainNode,
  CommandNode,
  FieldNode,
  Node,
  OperandNode,
  PipeNode,
  VariableNode,
} from './ast.ts'
import { evaluateField } from './fields.ts'
import type { Frame } from './frame.ts'
import type { GoFunction } from './functions/function.ts'
import { formatNode } from './source-form.ts'
import { type GoType, isTrue, originOf, textOf, typeOf, unbox, type Value } from './values.ts'

/** Stands for the argument that no earlier command of the pipeline supplies. */
export const absent: unique symbol = Symbol('absent')

/** What a command is applied to besides its own words. */
export interface Arguments {
  readonly dot: Value
  readonly rest: readonly OperandNode[]
  readonly piped: Value | typeof absent
}

/** The pipeline's value, out of its interface unless a secret stands behind it; declared variables are set to it. */
export function evaluatePipeline(frame: Frame, dot: Value, pipe: PipeNode): Value {
  frame.at(pipe)
  let value: Value | typeof absent = absent
  for (const command of pipe.commands) {
    const given = evaluateCommand(frame, command, { dot, rest: command.rest, piped: value })
    value = originOf(given) === undefined ? unbox(given) : given
  }
  const result = value === absent ? undefined : value
  for (const { name } of pipe.variables) {
    if (pipe.isAssignment) frame.assign(name, result)
    else frame.declare(name, result)
  }
  return result
}

function evaluateCommand(frame: Frame, command: CommandNode, args: Arguments): Value {
  const { first } = command
  switch (first.kind) {
    case 'field':
      return evaluateFieldNode(frame, first, args)
    case 'chain':
      return evaluateChain(frame, first, args)
    case 'identifier':
      frame.at(first)
      return callFunction(frame, first.name, { ...args, node: command })
    case 'variable':
      return evaluateVariable(frame, first, args)
    case 'pipe':
      refuseArguments(frame, first, args)
      return evaluatePipeline(frame, args.dot, first)
    default:
      frame.at(first)
      refuseArguments(frame, first, args)
      if (first.kind === 'nil') return frame.fail('nil is not a command')
      return first.kind === 'dot' ? args.dot : literalValue(frame, first)
  }
}

function refuseArguments(frame: Frame, node: OperandNode, { rest, piped }: Arguments): void {
  if (rest.length > 0 || piped !== absent) {
    frame.fail(`can't give argument to non-function ${formatNode(node)}`)
  }
}

function evaluateFieldNode(frame: Frame, node: FieldNode, args: Arguments): Value {
  frame.at(node)
  return followFields(frame, { ...args, node, receiver: args.dot, names: node.names })
}

function evaluateChain(frame: Frame, node: ChainNode, args: Arguments): Value {
  frame.at(node)
  const receiver = evaluateArgument(frame, node.node, { dot: args.dot, type: undefined })
  return followFields(frame, { ...args, node, receiver, names: node.fields })
}

function evaluateVariable(frame: Frame, node: VariableNode, args: Arguments): Value {
  frame.at(node)
  const receiver = frame.valueOf(node.name)
  if (node.fields.length > 0) {
    return followFields(frame, { ...args, node, receiver, names: node.fields })
  }
  refuseArguments(frame, node, args)
  return receiver
}

interface FieldChain extends Arguments {
  readonly node: Node
  readonly receiver: Value
  readonly names: readonly string[]
}

/** Only the last field may be a method that takes arguments. */
function followFields(frame: Frame, { node, receiver, names, ...args }: FieldChain): Value {
  let value = receiver
  for (const [index, name] of names.entries()) {
    const isLast = index === names.length - 1
    const call: Call = isLast ? { ...args, node } : { dot: args.dot, rest: [], piped: absent, node }
    const field = evaluateField(frame, { receiver: value, name, hasArguments: hasAny(call) })
    value = field.kind === 'value' ? field.value : callWith(frame, field.method, call)
  }
  return value
}

function hasAny({ rest, piped }: Arguments): boolean {
  return rest.length > 0 || piped !== absent
}

interface Call extends Arguments {
  /** What an error of the function points at. */
  readonly node: Node
}

function callFunction(frame: Frame, name: string, call: Call): Value {
  const callee = frame.rendering.functions.get(name)
  if (callee === undefined) return frame.fail(`"${name}" is not a defined function`)
  return callWith(frame, callee, call)
}

/** Source: evalCall. */
function callWith(frame: Frame, callee: GoFunction, call: Call): Value {
  const { parameters, rest: restType, form } = callee
  const given = call.rest.length + (call.piped === absent ? 0 : 1)
  const enough = restType === undefined ? given === parameters.length : given >= parameters.length
  if (!enough) {
    const wanted = restType === undefined ? '' : 'at least '
    const got = restType === undefined ? given : call.rest.length
    frame.fail(
      `wrong number of args for ${callee.name}: want ${wanted}${parameters.length} got ${got}`,
    )
  }
  if (callee.complaint !== undefined) frame.fail(callee.complaint)
  if (form === 'and' || form === 'or') return shortCircuit(frame, form, call)
  const typeAt = (index: number) => parameters[index] ?? restType
  const values = call.rest.map((node, index) =>
    evaluateArgument(frame, node, { dot: call.dot, type: typeAt(index) }),
  )
  if (call.piped !== absent) values.push(toParameter(frame, call.piped, typeAt(values.length)))
  const first = call.rest[0]
  const named = form === 'call' ? [calleeName(first, values), ...values] : values
  const result = frame.call(callee, call.node, named)
  frame.rendering.chargeFor(result, frame)
  return result
}

/** How an error of `call` names what it was to call. */
function calleeName(node: OperandNode | undefined, [piped]: readonly Value[]): string {
  if (node !== undefined) return formatNode(node)
  const value = unbox(piped)
  if (value === undefined) return '<invalid Value>'
  return textOf(value) ?? `<${typeOf(value)} Value>`
}

/** The first argument that decides, the last where none does; a piped value comes last. */
function shortCircuit(frame: Frame, form: 'and' | 'or', { dot, rest, piped }: Call): Value {
  let value: Value
  for (const node of rest) {
    value = evaluateArgument(frame, node, { dot, type: 'reflect.Value' })
    if (isTrue(value) === (form === 'or')) return value
  }
  return piped === absent ? value : piped
}

interface Expected {
  readonly dot: Value
  /** Undefined accepts everything. */
  readonly type: GoType | undefined
}

/** Source: evalArg. */
function evaluateArgument(frame: Frame, node: OperandNode, { dot, type }: Expected): Value {
  frame.at(node)
  const args: Arguments = { dot, rest: [], piped: absent }
  switch (node.kind) {
    case 'dot':
      return toParameter(frame, dot, type)
    case 'nil':
      return nilFor(frame, type)
    case 'field':
      return toParameter(frame, evaluateFieldNode(frame, node, args), type)
    case 'variable':
      return toParameter(frame, evaluateVariable(frame, node, args), type)
    case 'pipe':
      return toParameter(frame, evaluatePipeline(frame, dot, node), type)
    case 'identifier':
      return toParameter(frame, callFunction(frame, node.name, { ...args, node }), type)
    case 'chain':
      return toParameter(frame, evaluateChain(frame, node, args), type)
    default:
      return literalFor(frame, node, type)
  }
}
