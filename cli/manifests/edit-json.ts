/** Changes a JSON text to mean another value; numbers that JavaScript would round keep their text. */
import { JsonNumber, type JsonValue, parseJson, stringifyJson } from '../../core/json.ts'
import { editInPlace } from './edit-yaml.ts'

/** `source`, which reads as `before`, as a text that reads as `after`, indented as it was. */
export function editJson(source: string, before: unknown, after: unknown): string {
  const whole = () => JSON.stringify(after)
  // JSON is YAML in brackets.
  const edited = editInPlace(source, { before, after }, (value) => JSON.stringify(value)) ?? whole()
  return `${print(parseJson(edited), { unit: findIndent(source), indent: '' })}\n`
}

interface Layout {
  /** Of one level; empty for all on one line. */
  readonly unit: string
  readonly indent: string
}

function print(value: JsonValue, layout: Layout): string {
  if (value === null || typeof value !== 'object' || value instanceof JsonNumber) {
    return stringifyJson(value)
  }
  if (layout.unit === '') return stringifyJson(value)
  const inner = { ...layout, indent: layout.indent + layout.unit }
  if (value instanceof Map) {
    const members = Array.from(
      value,
      ([key, member]) => `${JSON.stringify(key)}: ${print(member, inner)}`,
    )
    return printLines(['{', '}'], members, layout)
  }
  return printLines(
    ['[', ']'],
    Array.from(value, (item) => print(item, inner)),
    layout,
  )
}

function printLines(
  [open, close]: readonly [string, string],
  members: readonly string[],
  { unit, indent }: Layout,
): string {
  if (members.length === 0) return open + close
  return `${open}${members.map((member) => `\n${indent}${unit}${member}`).join(',')}\n${indent}${close}`
}

function findIndent(json: string): string {
  const indent = /^\s*\{\r?\n([ \t]+)"/.exec(json)?.[1]
  return indent ?? (json.trim().includes('\n') ? '  ' : '')
}
