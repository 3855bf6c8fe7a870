/** Values as go-spew dumps them, for looking at them. Source: davecgh/go-spew's dump.go and format.go. */

import { formatFloat } from './float-text.ts'
import { type FormatSpec, plainSpec } from './format-spec.ts'
import { sortedEntries } from './map-key.ts'
import { printArgument, sprint } from './printer.ts'
import { quote } from './quote.ts'
import { stringOf } from './stringer.ts'
import {
  type ConcreteValue,
  elementOf,
  type GoPointer,
  type GoStruct,
  typeOf,
  unbox,
  type Value,
} from './values.ts'

/** Addresses differ from run to run in Go; here they all read the same. */
const address = '0xc000000000'

/** Every value on lines of its own. */
export function dumpValues(values: readonly Value[]): string {
  return values.map((value) => `${dump(unbox(value), { depth: 0, typed: true })}\n`).join('')
}

interface Place {
  readonly depth: number
  /** Whether the type is written before the value. */
  readonly typed: boolean
}

function dump(value: ConcreteValue | undefined, { depth, typed }: Place): string {
  if (value === undefined) return '(interface {}) <nil>'
  if (typeof value === 'object' && value.kind === 'pointer') return dumpPointer(value, depth)
  const type = typed ? `(${typeOf(value)}) ` : ''
  return type + sizeOf(value) + dumpBare(value, depth)
}

function dumpPointer(value: GoPointer, depth: number): string {
  const { target, structType } = value
  if (target === undefined) return `(*${structType.name})(<nil>)`
  const own = stringOf(value)
  const body = own ?? dump(target, { depth, typed: false })
  return `(*${structType.name})(${address})(${body})`
}

function sizeOf(value: ConcreteValue): string {
  if (typeof value === 'string') return value === '' ? '' : `(len=${value.length}) `
  if (typeof value !== 'object') return ''
  switch (value.kind) {
    case 'named-string':
      return value.text === '' ? '' : `(len=${value.text.length}) `
    case 'slice':
      return listSize(value.items.length, value.capacity ?? value.items.length)
    case 'map':
      return value.entries.size === 0 ? '' : `(len=${value.entries.size}) `
    default:
      return ''
  }
}

function listSize(length: number, capacity: number): string {
  const facts = [length === 0 ? '' : `len=${length}`, capacity === 0 ? '' : `cap=${capacity}`]
  const shown = facts.filter((fact) => fact !== '')
  return shown.length === 0 ? '' : `(${shown.join(' ')}) `
}

function dumpBare(value: ConcreteValue, depth: number): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value !== 'object') return String(value)
  const own = stringOf(value)
  if (own !== undefined) return own
  const inside = { depth: depth + 1, typed: true }
  switch (value.kind) {
    case 'named-string':
      // json.Number prints itself.
      return value.text
    case 'slice':
      if (value.isNil === true) return '<nil>'
      return enclose(
        value.items.map((item) => dump(unbox(elementOf(value, item)), inside)),
        depth,
      )
    case 'map':
      if (value.isNil === true) return '<nil>'
      return enclose(
        sortedEntries(value).map(
          (entry) => `${dump(entry.key, inside)}: ${dump(unbox(entry.value), inside)}`,
        ),
        depth,
      )
    case 'struct':
      return enclose(
        Array.from(value.fields, ([name, field]) => `${name}: ${dump(unbox(field), inside)}`),
        depth,
      )
    case 'float':
      return formatFloat(value.value, 'g', -1)
    case 'channel':
      return address
    default:
      return sprint([value])
  }
}

function enclose(lines: readonly string[], depth: number): string {
  const indent = ' '.repeat(depth + 1)
  const body = lines.map((line) => indent + line).join(',\n')
  return `{\n${body}${lines.length === 0 ? '' : '\n'}${' '.repeat(depth)}}`
}

/** One argument of `spew_sprintf` under `%v`, `%+v` or `%#v`; other verbs are fmt's. */
export function spewArgument(value: Value, verb: string, spec: FormatSpec): string {
  if (verb !== 'v') return printArgument(value, verb, spec)
  const concrete = unbox(value)
  if (concrete === undefined) return spec.sharpV ? '(interface {})<nil>' : '<nil>'
  return format(concrete, spec, true)
}

function format(value: ConcreteValue | undefined, spec: FormatSpec, typed: boolean): string {
  if (value === undefined) return '<nil>'
  if (typeof value === 'object' && value.kind === 'pointer') {
    if (value.target === undefined)
      return spec.sharpV && typed ? `(${typeOf(value)})<nil>` : '<nil>'
    const name = spec.sharpV && typed ? `(${typeOf(value)})` : '<*>'
    return name + (spec.plusV ? `(${address})` : '') + format(value.target, spec, false)
  }
  return (spec.sharpV && typed ? `(${typeOf(value)})` : '') + formatBare(value, spec)
}

function formatBare(value: ConcreteValue, spec: FormatSpec): string {
  if (typeof value !== 'object') return String(value)
  const own = stringOf(value)
  if (own !== undefined) return own
  switch (value.kind) {
    case 'slice':
      if (value.isNil === true) return '<nil>'
      return `[${value.items.map((item) => formatMember(elementOf(value, item), spec)).join(' ')}]`
    case 'map': {
      if (value.isNil === true) return '<nil>'
      const entries = sortedEntries(value).map(
        (entry) => `${format(entry.key, spec, false)}:${formatMember(entry.value, spec)}`,
      )
      return `map[${entries.join(' ')}]`
    }
    case 'struct':
      return formatStruct(value, spec)
    case 'float':
      return formatFloat(value.value, 'g', -1)
    case 'channel':
      return address
    default:
      return printArgument(value, 'v', plainSpec)
  }
}

/** What lies behind an interface shows its type once more. */
function formatMember(given: Value, spec: FormatSpec): string {
  const isInterface = typeof given === 'object' && given.kind === 'interface'
  const value = unbox(given)
  if (value === undefined) return spec.sharpV && isInterface ? '(interface {})<nil>' : '<nil>'
  return format(value, spec, isInterface)
}

function formatStruct({ fields }: GoStruct, spec: FormatSpec): string {
  const shown = Array.from(fields, ([name, field]) => {
    const text = format(unbox(field), spec, true)
    return spec.plusV || spec.sharpV ? `${name}:${text}` : text
  })
  return `{${shown.join(' ')}}`
}
