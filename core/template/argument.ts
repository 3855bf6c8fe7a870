/** Whether a value may be passed for a parameter's type, and what is passed then. Source: Go's text/template/exec.go. */
import type { BoolNode, NumberNode, StringNode } from './ast.ts'
import type { Frame } from './frame.ts'
import { formatNode } from './source-form.ts'
import { anyType, canBeNil, float, type GoType, int, typeOf, type Value, zeroOf } from './values.ts'

const reflected = 'reflect.Value'

/** Source: validateType; `type` undefined accepts everything. */
export function toParameter(frame: Frame, value: Value, type: GoType | undefined): Value {
  if (type === undefined || type === reflected) return value
  if (value === undefined) {
    return canBeNil(type) ? zeroOf(type) : frame.fail(`invalid value; expected ${type}`)
  }
  if (isAssignable(value, type)) return value
  const inner =
    typeof value === 'object' && value.kind === 'interface' ? (value.value ?? value) : value
  if (isAssignable(inner, type)) return inner
  if (typeof inner === 'object' && inner.kind === 'pointer' && inner.structType.name === type) {
    return inner.target ?? frame.fail(`dereference of nil pointer of type ${type}`)
  }
  return frame.fail(`wrong type for value; expected ${type}; got ${typeOf(inner)}`)
}

function isAssignable(value: Value, type: GoType): boolean {
  return type === anyType || typeOf(value) === type
}

/** What a literal `nil` becomes. */
export function nilFor(frame: Frame, type: GoType | undefined): Value {
  if (type === undefined || type === reflected) return undefined
  return canBeNil(type) ? zeroOf(type) : frame.fail(`cannot assign nil to ${type}`)
}

export type LiteralNode = BoolNode | NumberNode | StringNode

/** A literal as an argument: it takes the parameter's type where it can. Source: evalArg. */
export function literalFor(frame: Frame, node: LiteralNode, type: GoType | undefined): Value {
  if (type === undefined || type === anyType || type === reflected) return literalValue(frame, node)
  const family = familyOf(type)
  if (family === undefined) {
    return frame.fail(`can't handle ${formatNode(node)} for arg of type ${type}`)
  }
  return family.read(node, type) ?? frame.fail(`expected ${family.name}; found ${formatNode(node)}`)
}

interface Family {
  /** How errors call it. */
  readonly name: string
  readonly read: (node: LiteralNode, type: GoType) => Value
}

function familyOf(type: GoType): Family | undefined {
  return families.find(([pattern]) => pattern.test(type))?.[1]
}

const families: readonly (readonly [RegExp, Family])[] = [
  [/^bool$/, { name: 'bool', read: (node) => (node.kind === 'bool' ? node.value : undefined) }],
  [
    /^string$/,
    { name: 'string', read: (node) => (node.kind === 'string' ? node.text : undefined) },
  ],
  [/^int/, { name: 'integer', read: (node, type) => integer(node, 'int', type) }],
  [/^uint/, { name: 'unsigned integer', read: (node, type) => integer(node, 'uint', type) }],
  [/^float/, { name: 'float', read: readFloat }],
]

function integer(node: LiteralNode, kind: 'int' | 'uint', type: GoType): Value {
  const value = node.kind === 'number' ? node.literal[kind] : undefined
  return value === undefined || type === anyType ? undefined : { kind, type, value }
}

function readFloat(node: LiteralNode): Value {
  const value = node.kind === 'number' ? node.literal.float : undefined
  return value === undefined ? undefined : float(value)
}

const hexInteger = /^0[xX][^pP]*$/

/** A literal where no type is asked for. Source: idealConstant. */
export function literalValue(frame: Frame, node: LiteralNode): Value {
  if (node.kind === 'bool') return node.value
  if (node.kind === 'string') return node.text
  const { text, complex, float: asFloat, int: asInt } = node.literal
  if (complex !== undefined) return { kind: 'complex', type: 'complex128', ...complex }
  const spellsFloat = /[.eEpP]/.test(text) && !hexInteger.test(text) && !text.startsWith("'")
  if (asFloat !== undefined && spellsFloat) return float(asFloat)
  return asInt === undefined ? frame.fail(`${text} overflows int`) : int(asInt)
}
