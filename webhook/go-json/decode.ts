/** What Go's encoding/json says of a decoded JSON value that does not fit the type it is meant for. */
import { JsonNumber } from '../../core/json.ts'
import { describeQuantity } from './quantity.ts'
import { describeTime } from './time.ts'
import { namedTypes, stringTypes, structTypes } from './types.ts'

interface Field {
  readonly type: string
  /** As an error spells it: embedded structs with their names. */
  readonly path: string
}

/** Where the decoder is: the struct that an error names and the fields on the way there. */
interface Place {
  readonly struct: string
  readonly path: readonly string[]
}

export interface DecodeOptions {
  /** Whether `Metadata` stands for `metadata`, as in encoding/json but not in Kubernetes' own decoder. */
  readonly foldsCase: boolean
}

/**
 * The error text, or undefined where the value fits. `value` is what JSON.parse or `parseJson` made; the latter keeps the spelling
 * of numbers. As in Go the first misfit is told, unless a type with a parser of its own fails: that ends the decoding.
 */
export function describeMisfit(
  value: unknown,
  type: string,
  options: DecodeOptions,
): string | undefined {
  const decoder = new Decoder(options)
  return decoder.check(value, type, { struct: '', path: [] }) ?? decoder.misfit
}

class Decoder {
  misfit: string | undefined
  readonly #options: DecodeOptions

  constructor(options: DecodeOptions) {
    this.#options = options
  }

  /** The error that ends the decoding, if there is one. */
  check(value: unknown, type: string, place: Place): string | undefined {
    if (value === null || value === undefined) return undefined
    const own = ownParsers[type]
    if (own !== undefined) return own(value, place)
    const members = listMembers(value)
    if (Array.isArray(value)) return this.#checkArray(value, type, place)
    if (members !== undefined) return this.#checkObject(members, type, place)
    if (!fitsScalar(value, type)) this.#save(value, type, place)
    return undefined
  }

  #checkArray(items: readonly unknown[], type: string, place: Place): string | undefined {
    const underlying = namedTypes[type] ?? type
    if (!underlying.startsWith('[]')) this.#save(items, type, place)
    else return firstDefined(items, (item) => this.check(item, underlying.slice(2), place))
    return undefined
  }

  #checkObject(members: Iterable<Member>, type: string, place: Place): string | undefined {
    const value = /^map\[\w+\](.*)$/.exec(namedTypes[type] ?? type)?.[1]
    if (value !== undefined) {
      return firstDefined(members, ([, member]) => this.check(member, value, place))
    }
    const fields = readFields(type)
    if (fields === undefined) {
      this.#save({}, type, place)
      return undefined
    }
    return firstDefined(members, ([name, member]) => {
      const field =
        fields.get(name) ?? (this.#options.foldsCase ? findFolded(fields, name) : undefined)
      if (field === undefined) return undefined
      return this.check(member, field.type, { struct: type, path: [...place.path, field.path] })
    })
  }

  #save(value: unknown, type: string, place: Place): void {
    this.misfit ??= describe(value, type, place)
  }
}

type Member = readonly [string, unknown]

function firstDefined<T>(
  items: Iterable<T>,
  look: (item: T) => string | undefined,
): string | undefined {
  for (const item of items) {
    const found = look(item)
    if (found !== undefined) return found
  }
  return undefined
}

/** Undefined for what is no object. */
function listMembers(value: unknown): Iterable<Member> | undefined {
  if (value instanceof Map) return value
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return value instanceof JsonNumber ? undefined : Object.entries(value)
}

/** A misfit as Go words it; numbers that are no integers of the size are repeated, other values are not. */
function describe(value: unknown, type: string, { struct, path }: Place): string {
  const isInteger = type === 'int32' || type === 'int64'
  const what = isNumber(value) && isInteger ? `number ${spell(value)}` : describeKind(value)
  const place =
    struct === ''
      ? `value of type ${spellType(type)}`
      : `struct field ${struct}.${path.join('.')} of type ${spellType(type)}`
  return `json: cannot unmarshal ${what} into Go ${place}`
}

/** Types with a parser of their own; each answers with the error that ends the decoding. */
const ownParsers: Readonly<Record<string, (value: unknown, place: Place) => string | undefined>> = {
  Time: (value, place) =>
    typeof value === 'string' ? describeTime(value) : describe(value, 'string', place),
  'resource.Quantity': (value) =>
    describeQuantity(typeof value === 'string' ? value : isNumber(value) ? spell(value) : '{'),
  'intstr.IntOrString': (value, place) =>
    typeof value === 'string' || fitsScalar(value, 'int32')
      ? undefined
      : describe(value, 'int32', place),
  'runtime.RawExtension': () => undefined,
  FieldsV1: () => undefined,
}

function fitsScalar(value: unknown, type: string): boolean {
  switch (type) {
    case 'bool':
      return typeof value === 'boolean'
    case 'int32':
      return isNumber(value) && fitsInteger(spell(value), 32)
    case 'int64':
      return isNumber(value) && fitsInteger(spell(value), 64)
    case '[]byte':
      return typeof value === 'string'
    default:
      return typeof value === 'string' && (type === 'string' || strings.has(type))
  }
}

const strings = new Set(stringTypes)

function fitsInteger(text: string, bits: number): boolean {
  return (
    /^-?\d+$/.test(text) && text.length < 21 && BigInt.asIntN(bits, BigInt(text)) === BigInt(text)
  )
}

function isNumber(value: unknown): value is number | JsonNumber {
  return typeof value === 'number' || value instanceof JsonNumber
}

function spell(value: number | JsonNumber): string {
  return typeof value === 'number' ? String(value) : value.text
}

/** `number`, `string`, `bool`, `array` or `object`. */
export function describeKind(value: unknown): string {
  if (isNumber(value)) return 'number'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'string') return 'string'
  return Array.isArray(value) ? 'array' : 'object'
}

const basicTypes = new Set(['string', 'bool', 'int32', 'int64'])

/** With its package. */
function spellType(type: string): string {
  if (type === '[]byte') return '[]uint8'
  if (type.startsWith('[]')) return `[]${spellType(type.slice(2))}`
  const [, key, value] = /^map\[(\w+)\](.*)$/.exec(type) ?? []
  if (key !== undefined && value !== undefined) return `map[${spellType(key)}]${spellType(value)}`
  return basicTypes.has(type) || type.includes('.') ? type : `v1.${type}`
}

const known = new Map<string, ReadonlyMap<string, Field> | undefined>()

/** JSON name → field, those of embedded structs included; undefined for what is no struct. */
function readFields(type: string): ReadonlyMap<string, Field> | undefined {
  if (!known.has(type)) known.set(type, parseFields(type))
  return known.get(type)
}

function parseFields(type: string): ReadonlyMap<string, Field> | undefined {
  const text = Object.hasOwn(structTypes, type) ? structTypes[type] : undefined
  if (text === undefined) return undefined
  const entries = text.split('; ').flatMap((part): readonly [string, Field][] => {
    const [name = '', fieldType = ''] = part.split(' ')
    if (!name.startsWith('+')) return [[name, { type: fieldType, path: name }]]
    const embedded = name.slice(1)
    return Array.from(readFields(embedded) ?? [], ([inner, field]) => [
      inner,
      { ...field, path: `${embedded}.${field.path}` },
    ])
  })
  return new Map(entries)
}

function findFolded(fields: ReadonlyMap<string, Field>, name: string): Field | undefined {
  const wanted = name.toLowerCase()
  for (const [candidate, field] of fields) if (candidate.toLowerCase() === wanted) return field
  return undefined
}
