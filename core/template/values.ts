/** Go's values with their Go types: the language prints, compares and accepts values by type. */

/** A Go type as `%T` prints it, for example `map[string]interface {}`. */
export type GoType = string

export const anyType = 'interface {}'
export const anyListType = '[]interface {}'
export const anyMapType = 'map[string]interface {}'
/** What `parseYAML` makes: keys may be of any scalar type. */
export const anyKeyMapType = 'map[interface {}]interface {}'

export interface GoInt {
  readonly kind: 'int' | 'uint'
  /** `int`, `int64`, `uint8`, … */
  readonly type: GoType
  readonly value: bigint
}

export interface GoFloat {
  readonly kind: 'float'
  readonly type: 'float64'
  readonly value: number
}

export interface GoComplex {
  readonly kind: 'complex'
  readonly type: 'complex128'
  readonly real: number
  readonly imaginary: number
}

/** A string under another name: json.Number, which is what every number from a store is. */
export interface GoNamedString {
  readonly kind: 'named-string'
  readonly type: GoType
  readonly text: string
}

export interface GoSlice {
  readonly kind: 'slice'
  readonly type: GoType
  /** Elements as values of their own; `elementOf` gives them the static type that Go sees. */
  readonly items: readonly Value[]
  readonly isNil?: boolean
  /** How far `slice` may reach; the number of items unless given. */
  readonly capacity?: number
}

export interface GoMap {
  readonly kind: 'map'
  readonly type: GoType
  /** Keys as `keyName` spells them. Templates change a map in place: `mergeMap` and `sprig_set` do. */
  readonly entries: Map<string, Value>
  readonly isNil?: boolean
  /** A name that leads to the map itself unless a key has it; only `entryOf` and `hasEntry` know of it. */
  readonly alias?: string
}

export interface StructType {
  readonly name: GoType
  /** Field → its static type, in Go's order. */
  readonly fields: ReadonlyMap<string, GoType>
}

export interface GoStruct {
  readonly kind: 'struct'
  readonly structType: StructType
  readonly fields: ReadonlyMap<string, Value>
}

/** A pointer to a struct; no other pointers occur. */
export interface GoPointer {
  readonly kind: 'pointer'
  readonly structType: StructType
  readonly target: GoStruct | undefined
}

/** Numbers from `from` up to but excluding `to`, the channel that `loop` returns. */
export interface GoChannel {
  readonly kind: 'channel'
  readonly type: GoType
  readonly from: bigint
  readonly to: bigint
}

/** A value seen through a variable of type `interface {}`: an element of a JSON list, a result of `parseJSON`. */
export interface GoInterface {
  readonly kind: 'interface'
  /** Undefined for nil. */
  readonly value: ConcreteValue | undefined
  /** The secret that the value was picked out of: fields that the secret has are looked up in it. */
  readonly origin?: GoPointer
}

export type ConcreteValue =
  | boolean
  /** Byte string. */
  | string
  | GoInt
  | GoFloat
  | GoComplex
  | GoNamedString
  | GoSlice
  | GoMap
  | GoStruct
  | GoPointer
  | GoChannel

/** Undefined is Go's invalid value: untyped nil, a missing value, nothing. */
export type Value = ConcreteValue | GoInterface | undefined

export type Kind = Exclude<
  Extract<Value, { readonly kind: string }>['kind'] | 'bool' | 'string' | 'invalid',
  'named-string'
>

/** Go's reflect.Kind, as far as the language tells kinds apart. */
export function kindOf(value: Value): Kind {
  if (value === undefined) return 'invalid'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'bool'
  return value.kind === 'named-string' ? 'string' : value.kind
}

/** The static type; callers have excluded the invalid value, which has none. */
export function typeOf(value: Value): GoType {
  if (value === undefined) return '<nil>'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'bool'
  switch (value.kind) {
    case 'interface':
      return anyType
    case 'struct':
      return value.structType.name
    case 'pointer':
      return `*${value.structType.name}`
    default:
      return value.type
  }
}

export function int(value: bigint | number): GoInt {
  return { kind: 'int', type: 'int', value: BigInt(value) }
}

export function float(value: number): GoFloat {
  return { kind: 'float', type: 'float64', value }
}

export function stringList(items: readonly string[]): GoSlice {
  return { kind: 'slice', type: '[]string', items }
}

export function anyList(items: readonly Value[]): GoSlice {
  return { kind: 'slice', type: anyListType, items }
}

/** A list that was built by appending one by one: its capacity doubles as it grows. */
export function grownList(items: readonly Value[], type: GoType = anyListType): GoSlice {
  return { kind: 'slice', type, items, capacity: 2 ** Math.ceil(Math.log2(items.length || 1)) }
}

export function anyMap(entries: Map<string, Value>): GoMap {
  return { kind: 'map', type: anyMapType, entries }
}

/** Hides the value behind an `interface {}`, as a function with that result does. */
export function box(value: Value): GoInterface {
  const isBoxed = typeof value === 'object' && value.kind === 'interface'
  return isBoxed ? value : { kind: 'interface', value }
}

/** The value behind an `interface {}`, any other value as it is. */
export function unbox(value: Value): ConcreteValue | undefined {
  return typeof value === 'object' && value.kind === 'interface' ? value.value : value
}

/** The secret that a value was picked out of; undefined for all others. */
export function originOf(value: Value): GoPointer | undefined {
  return typeof value === 'object' && value.kind === 'interface' ? value.origin : undefined
}

/** Whether a map has an entry of that name, or is meant by it. */
export function hasEntry({ entries, alias }: GoMap, name: string): boolean {
  return entries.has(name) || name === alias
}

/** The entry of that name, the map itself where it is meant; undefined where there is none. */
export function entryOf(map: GoMap, name: string): Value {
  const { entries, alias } = map
  return name === alias && !entries.has(name) ? map : entries.get(name)
}

/** Follows interfaces and pointers to what they hold; `isNil` where one holds nothing, with that one. */
export function indirect(value: Value): { readonly value: Value; readonly isNil: boolean } {
  let current = value
  while (
    typeof current === 'object' &&
    (current.kind === 'interface' || current.kind === 'pointer')
  ) {
    const next = current.kind === 'interface' ? current.value : current.target
    if (next === undefined) return { value: current, isNil: true }
    current = next
  }
  return { value: current, isNil: false }
}

/** The text of a string or of a json.Number. */
export function textOf(value: Value): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'object' && value.kind === 'named-string' ? value.text : undefined
}

/** The type of a slice's or map's elements. */
export function elementType(container: GoSlice | GoMap): GoType {
  const { type } = container
  return type.slice(type.indexOf(']') + 1)
}

/** An element as Go sees it: through an interface where the container's type says so. */
export function elementOf(container: GoSlice | GoMap, element: Value): Value {
  return elementType(container) === anyType ? box(element) : element
}

const nilableTypes = /^(?:interface \{\}|reflect\.Value|\[\]|map\[|\*|<-chan )/

/** True when Go accepts `nil` for the type. */
export function canBeNil(type: GoType): boolean {
  return nilableTypes.test(type)
}

/** Go's zero value of the types that occur as elements and parameters. */
export function zeroOf(type: GoType): Value {
  if (type === anyType) return box(undefined)
  if (type.startsWith('[]')) return { kind: 'slice', type, items: [], isNil: true }
  if (type.startsWith('map[')) return { kind: 'map', type, entries: new Map(), isNil: true }
  if (type === 'string') return ''
  if (type === 'bool') return false
  if (type === 'float64') return float(0)
  if (/^u?int/.test(type)) return { kind: type.startsWith('u') ? 'uint' : 'int', type, value: 0n }
  return undefined
}

/** Whether `if` and `with` take the value for true. Source: Go's template.IsTrue. */
export function isTrue(given: Value): boolean {
  const value = unbox(given)
  if (value === undefined) return false
  if (typeof value === 'boolean') return value
  if (typeof value === 'string') return value !== ''
  switch (value.kind) {
    case 'int':
    case 'uint':
      return value.value !== 0n
    case 'float':
      return value.value !== 0
    case 'complex':
      return value.real !== 0 || value.imaginary !== 0
    case 'named-string':
      return value.text !== ''
    case 'slice':
      return value.items.length > 0
    case 'map':
      return value.entries.size > 0
    case 'pointer':
      return value.target !== undefined
    default:
      return true
  }
}
