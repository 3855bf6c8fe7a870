/** Nodes of a YAML document as Go values. Source: yaml.v2's decode. */
import { FunctionError } from '../functions/function.ts'
import { keyName } from '../map-key.ts'
import { sprintf } from '../printf.ts'
import { anyKeyMapType, anyList, type ConcreteValue, float, type GoMap, unbox } from '../values.ts'
import { type ResolvedScalar, resolveScalar, type ScalarTag } from './resolve.ts'

export interface Node {
  /** Undefined for null. */
  readonly value: ConcreteValue | undefined
  /** `<<`, which takes over the members of its value. */
  readonly isMerge: boolean
  /** Nodes in it, itself and those of aliases included. */
  readonly size: number
}

/** What an absent value is. */
export const nothing: Node = { value: undefined, isMerge: false, size: 1 }

export function toList(items: readonly Node[]): Node {
  const size = items.reduce((sum, item) => sum + item.size, 1)
  return { value: anyList(items.map(({ value }) => value)), isMerge: false, size }
}

/** A mapping that is being read; the last of two equal keys wins. */
export class Mapping {
  readonly #map: GoMap = { kind: 'map', type: anyKeyMapType, entries: new Map() }
  #size = 1

  set(key: Node, value: Node): void {
    this.#size += key.size + value.size
    if (key.isMerge) {
      this.#merge(value.value)
      return
    }
    const isCollection =
      typeof key.value === 'object' && (key.value.kind === 'map' || key.value.kind === 'slice')
    if (isCollection) {
      const shown = sprintf('%#v', [key.value])
      throw new FunctionError('yaml: invalid map key: ', { value: shown })
    }
    this.#map.entries.set(keyName(key.value), value.value)
  }

  /** Of several maps the first wins. */
  #merge(value: ConcreteValue | undefined): void {
    const isList = typeof value === 'object' && value.kind === 'slice'
    for (const source of isList ? value.items.toReversed().map(unbox) : [value]) {
      if (typeof source !== 'object' || source.kind !== 'map') {
        throw new FunctionError('yaml: map merge requires map or sequence of maps as the value')
      }
      for (const [name, member] of source.entries) this.#map.entries.set(name, member)
    }
  }

  get node(): Node {
    return { value: this.#map, isMerge: false, size: this.#size }
  }
}

export interface ScalarForm {
  readonly isPlain: boolean
  readonly tag: string | undefined
}

const standard = 'tag:yaml.org,2002:'

export function toScalar(text: string, { isPlain, tag }: ScalarForm): Node {
  const isUntyped = tag === '!' || (tag === undefined && isPlain)
  const isMerge = text === '<<' && (isUntyped || tag === `${standard}merge`)
  return {
    value: isUntyped ? toGo(text, resolveScalar(text)) : tagged(text, tag),
    isMerge,
    size: 1,
  }
}

/** Dates stay text. */
function toGo(text: string, { tag, value }: ResolvedScalar): ConcreteValue | undefined {
  return tag === 'timestamp' ? text : unbox(value)
}

const resolvable = new Set<string>([
  'bool',
  'int',
  'float',
  'null',
  'timestamp',
] satisfies ScalarTag[])

/** Tags of no known meaning leave the text as it is. */
function tagged(text: string, tag = `${standard}str`): ConcreteValue | undefined {
  const name = tag.startsWith(standard) ? tag.slice(standard.length) : ''
  if (name === 'binary') return decodeBinary(text)
  if (!resolvable.has(name)) return text
  const resolved = resolveScalar(text)
  if (resolved.tag === name) return toGo(text, resolved)
  if (name === 'float' && resolved.tag === 'int') {
    const integer = unbox(resolved.value)
    const isSmall = typeof integer === 'object' && integer.kind === 'int'
    if (isSmall) return float(Number(integer.value))
  }
  throw new FunctionError(
    `yaml: cannot decode !!${resolved.tag} `,
    { value: `\`${text}\`` },
    ` as a !!${name}`,
  )
}

function decodeBinary(text: string): string {
  const bare = text.replace(/[\r\n]/g, '')
  if (bare.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(bare)) {
    return Buffer.from(bare, 'base64').toString('latin1')
  }
  throw new FunctionError('yaml: !!binary value contains invalid base64 data')
}
