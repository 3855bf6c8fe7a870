/** What a name means at one place of a template being rendered: contexts, data variables, block parameters. */
import type { Value } from '../values.ts'

export interface Frame {
  /** `this` */
  readonly context: Value
  /** What `../` leads to: the nearest `this` that is another. */
  readonly parent: Frame | undefined
  /** `@index`, `@key`, `@first`, `@last`. */
  readonly data: DataFrame
  /** Block parameters of this block and those around it. */
  readonly parameters: ReadonlyMap<string, Value>
}

export interface DataFrame {
  readonly variables: ReadonlyMap<string, Value>
  /** What `@../` leads to. */
  readonly parent: DataFrame | undefined
}

/** A block in which `this` is another value. */
export function enter(
  frame: Frame,
  context: Value,
  {
    names,
    values,
    variables,
  }: {
    readonly names: readonly string[]
    /** For `names`, in their order. */
    readonly values: readonly Value[]
    readonly variables?: ReadonlyMap<string, Value>
  },
): Frame {
  const parameters =
    names.length === 0
      ? frame.parameters
      : new Map([
          ...frame.parameters,
          ...names.map((name, index) => [name, values[index]] as const),
        ])
  const data =
    variables === undefined
      ? frame.data
      : { variables: new Map([...frame.data.variables, ...variables]), parent: frame.data }
  const parent = isSame(context, frame.context) ? frame.parent : frame
  return { context, parent, data, parameters }
}

/** Source: Handlebars' wrapProgram: a block in which `this` stays the same is no step for `../`. */
function isSame(one: Value, other: Value): boolean {
  if (typeof one !== 'object' || typeof other !== 'object') return one === other
  if (one.kind === 'named-string' && other.kind === 'named-string') return one.text === other.text
  return one === other
}

/** Source: Handlebars' isEmpty: false, null, '' and the empty list. Zero is not empty, a map never is. */
export function isEmpty(value: Value): boolean {
  if (value === undefined || value === false || value === '') return true
  return typeof value === 'object' && value.kind === 'slice' && value.items.length === 0
}

export function isZero(value: Value): boolean {
  if (typeof value !== 'object') return false
  if (value.kind === 'int' || value.kind === 'uint') return value.value === 0n
  if (value.kind === 'float') return value.value === 0
  return value.kind === 'named-string' && Number(value.text) === 0
}
