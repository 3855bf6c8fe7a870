/** Changes a YAML text to mean another value, touching as few of its characters as it can. */
import { isDeepStrictEqual } from 'node:util'
import { dump } from 'js-yaml'
import { isObject } from '../../core/plain-object.ts'
import { readYaml, type YamlEntry, type YamlNode } from './yaml.ts'

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** What a text means, and what it is to mean. */
export interface Change {
  readonly before: unknown
  readonly after: unknown
}

/** In characters. */
const longestFlow = 120

type Json = Readonly<Record<string, unknown>>

/**
 * `source`, a document that reads as `before`, as a text that reads as `after`. Comments, order and quotes stay where they are;
 * only where no small change does it (aliases and merge keys in what changes), the whole document is written anew.
 */
export function editYaml(source: string, before: unknown, after: unknown): string {
  return editInPlace(source, { before, after }, formatFlow) ?? formatBlock(after)
}

/** Undefined where no small change does it; `format` writes what stands in brackets, as the text does. */
export function editInPlace(
  source: string,
  { before, after }: Change,
  format: (value: unknown) => string,
): string | undefined {
  const lines = source.endsWith('\n') ? source : `${source}\n`
  const reading = readYaml(lines)
  if (reading.kind !== 'value' || reading.node === undefined) return undefined
  const editor = new Editor(lines, format)
  if (!editor.change(reading.node, before, after)) return undefined
  const edited = applyEdits(lines, editor.edits)
  const check = readYaml(edited)
  if (check.kind !== 'value' || !isDeepStrictEqual(check.value, after)) return undefined
  return source === lines ? edited : edited.replace(/\r?\n$/, '')
}

/** Edits at one place keep their order. */
function applyEdits(source: string, edits: readonly Edit[]): string {
  let text = ''
  let at = 0
  for (const edit of edits.toSorted((left, right) => left.start - right.start)) {
    text += source.slice(at, edit.start) + edit.text
    at = edit.end
  }
  return text + source.slice(at)
}

class Editor {
  readonly edits: Edit[] = []
  readonly #source: string
  readonly #newline: string
  readonly #format: (value: unknown) => string

  constructor(source: string, format: (value: unknown) => string) {
    this.#source = source
    this.#format = format
    this.#newline = source.includes('\r\n') ? '\r\n' : '\n'
  }

  /** False when the node cannot be changed in place. Inner edits come first: they end where outer ones begin. */
  change(node: YamlNode, before: unknown, after: unknown): boolean {
    if (isDeepStrictEqual(before, after)) return true
    if (node.kind === 'mapping' && isObject(before) && isObject(after)) {
      return this.#changeMapping(node, before, after)
    }
    if (node.kind === 'sequence' && Array.isArray(before) && Array.isArray(after)) {
      return this.#changeSequence(node, before, after)
    }
    return false
  }

  #changeMapping(node: YamlNode & { kind: 'mapping' }, before: Json, after: Json): boolean {
    if (Object.keys(before).some((key) => !Object.hasOwn(after, key))) return false
    const entries = new Map(node.entries.map((entry) => [entry.key, entry]))
    const added: Record<string, unknown> = {}
    for (const [key, value] of Object.entries(after)) {
      const entry = entries.get(key)
      if (entry === undefined && Object.hasOwn(before, key)) {
        if (!isDeepStrictEqual(before[key], value)) return false
      } else if (entry === undefined) {
        added[key] = value
      } else if (!this.#changeEntry(node, entry, { before: before[key], after: value })) {
        return false
      }
    }
    if (Object.keys(added).length === 0) return true
    if (!node.flow) this.#insertLines(node, node.end, formatBlock(added))
    else this.#insertFlow(node, node.entries.at(-1)?.value, this.#format(added).slice(1, -1))
    return true
  }

  #changeSequence(
    node: YamlNode & { kind: 'sequence' },
    before: readonly unknown[],
    after: readonly unknown[],
  ): boolean {
    const isSame = before.length === after.length ? () => true : isSameItem
    let previous: YamlNode | undefined
    let kept = 0
    let added: unknown[] = []
    for (const value of after) {
      const item = node.items[kept]
      if (item === undefined || !isSame(before[kept], value)) {
        added.push(value)
        continue
      }
      this.#insertItems(node, previous, added)
      added = []
      if (!this.change(item, before[kept], value) && !this.#replace(item, value)) return false
      previous = item
      kept++
    }
    this.#insertItems(node, previous, added)
    return kept === before.length
  }

  #insertItems(
    node: YamlNode & { kind: 'sequence' },
    previous: YamlNode | undefined,
    values: readonly unknown[],
  ): void {
    if (values.length === 0) return
    if (!node.flow) this.#insertLines(node, previous?.end, formatBlock(values))
    else this.#insertFlow(node, previous, this.#format(values).slice(1, -1))
  }

  /** Whole lines, indented as the collection is; before it without `end`. */
  #insertLines(node: YamlNode, end: number | undefined, text: string): void {
    const column = this.#column(node.start)
    const lines = text.replace(/^(?=.)/gm, ' '.repeat(column)).replaceAll('\n', this.#newline)
    const start = end === undefined ? node.start - column : this.#endOfLine(end)
    this.edits.push({ start, end: start, text: lines })
  }

  #insertFlow(node: YamlNode, previous: YamlNode | undefined, text: string): void {
    const start = previous?.end ?? node.start + 1
    const hasItems = node.kind === 'sequence' && node.items.length > 0
    const comma = previous === undefined ? (hasItems ? `${text}, ` : text) : `, ${text}`
    this.edits.push({ start, end: start, text: comma })
  }

  /** What is empty, or would be too long for one line, becomes lines of its own where lines are possible. */
  #changeEntry(
    { flow, start }: YamlNode & { flow: boolean },
    { value }: YamlEntry,
    { before, after }: Change,
  ): boolean {
    if (isDeepStrictEqual(before, after)) return true
    if (flow || !isCollection(after) || !this.#mayUnfold(value, after)) {
      return (
        this.change(value, before, after) || this.#replace(value, after, value.start === value.end)
      )
    }
    const lines = formatBlock(after).trimEnd()
    const indented = lines.replace(/^(?=.)/gm, ' '.repeat(this.#column(start) + 2))
    const text = `\n${indented}`.replaceAll('\n', this.#newline)
    const from = this.#source.slice(0, value.start).trimEnd().length
    this.edits.push({ start: from, end: value.end, text })
    return true
  }

  /** Nothing, or a collection in brackets on one line. */
  #mayUnfold(node: YamlNode, after: unknown): boolean {
    if (node.start === node.end) return true
    if (!('flow' in node) || !node.flow) return false
    const text = this.#source.slice(node.start, node.end)
    const empty = !/[^\s[\]{}]/.test(text)
    return empty || (!/[\n#&*]/.test(text) && this.#format(after).length > longestFlow)
  }

  #replace(node: YamlNode, value: unknown, spaced = false): boolean {
    if (node.kind === 'alias' || (node.kind === 'scalar' && node.block)) return false
    const text = `${spaced ? ' ' : ''}${this.#format(value)}`
    this.edits.push({ start: node.start, end: node.end, text })
    return true
  }

  #column(offset: number): number {
    return offset - (this.#source.lastIndexOf('\n', offset - 1) + 1)
  }

  /** After the line on which a node ends, and before blank lines that a block of text ends with. */
  #endOfLine(end: number): number {
    const trimmed = this.#source.slice(0, end).trimEnd().length
    return this.#source.indexOf('\n', trimmed) + 1
  }
}

/** Whether the one is the other after a change; Kubernetes names the elements of its lists. */
function isSameItem(before: unknown, after: unknown): boolean {
  if (!isObject(before) || !isObject(after)) return isDeepStrictEqual(before, after)
  if (before['name'] === undefined) return isDeepStrictEqual(before, after)
  return before['name'] === after['name'] && before['mountPath'] === after['mountPath']
}

function formatBlock(value: unknown): string {
  return dump(value, { lineWidth: -1, noRefs: true, seqNoIndent: true })
}

function formatFlow(value: unknown): string {
  return dump(value, { lineWidth: -1, noRefs: true, flowLevel: 0 }).trimEnd()
}

function isCollection(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
}
