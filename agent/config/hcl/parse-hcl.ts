/** HCL version 1 as the same maps that JSON gives. */
import type { Issue, Parsed } from '../../../core/issue.ts'
import { JsonNumber, type JsonObject, type JsonValue } from '../../../core/json.ts'
import { placeIssue } from '../text-place.ts'
import { type HclItem, type HclValue, parseItems } from './parser.ts'
import { HclSyntaxError } from './token.ts'

/**
 * A block becomes a list of maps under its name, its labels maps around it: `listener "tcp" { … }` is
 * `{"listener":[{"tcp":[{ … }]}]}`, and a block that is repeated a longer list. Numbers keep their text, octal ones included.
 * Refused besides wrong syntax, as Vault Agent refuses them: a key assigned twice, lists of objects. `file` is what messages call the text.
 */
export function parseHcl(text: string, file: string): Parsed<JsonObject> {
  // Positions stay right: a carriage return is the last of its line.
  const source = text.replaceAll('\r\n', '\n')
  const converter = new Converter(source, file)
  try {
    const root = converter.convertItems(parseItems(source))
    if (converter.issues.length === 0) return { kind: 'ok', value: root }
  } catch (thrown) {
    if (!(thrown instanceof HclSyntaxError)) throw thrown
    converter.report(thrown.offset, thrown.expected, thrown.hint)
  }
  return { kind: 'issues', issues: converter.issues }
}

class Converter {
  readonly issues: Issue[] = []
  readonly #source: string
  readonly #file: string

  constructor(source: string, file: string) {
    this.#source = source
    this.#file = file
  }

  convertItems(items: readonly HclItem[]): JsonObject {
    const members = new Map<string, JsonValue>()
    const assigned = new Set<string>()
    for (const item of items) {
      if (item.isAssigned && assigned.has(item.name)) {
        this.report(item.at, `${item.name} only once`, 'blocks may be repeated, keys may not')
      }
      if (item.isAssigned) assigned.add(item.name)
      const value = this.#convertItem(item)
      const present = members.get(item.name)
      members.set(item.name, isBlocks(present) && isBlocks(value) ? [...present, ...value] : value)
    }
    return members
  }

  report(at: number, expected: string, hint?: string): void {
    const { line, column, path } = placeIssue(this.#source, at, this.#file)
    const place = { line, column }
    this.issues.push({
      code: 'config',
      path,
      expected,
      at: place,
      ...(hint === undefined ? {} : { hint }),
    })
  }

  #convertItem({ labels, value }: HclItem): JsonValue {
    return labels.reduceRight<JsonValue>(
      (inner, label) => [new Map([[label, inner]])],
      this.#convert(value),
    )
  }

  #convert(value: HclValue): JsonValue {
    if (value.kind === 'text') return value.text
    if (value.kind === 'boolean') return value.value
    if (value.kind === 'number') return new JsonNumber(value.text)
    if (value.kind === 'body') return [this.convertItems(value.items)]
    return this.#convertList(value.items)
  }

  #convertList(items: readonly HclValue[]): JsonValue {
    const bodies = items.filter(({ kind }) => kind === 'body')
    for (const { at } of bodies) {
      this.report(at, 'no object in a list', 'repeat the block instead')
    }
    return items.map((item) =>
      item.kind === 'body' ? this.convertItems(item.items) : this.#convert(item),
    )
  }
}

function isBlocks(value: JsonValue | undefined): value is readonly JsonObject[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => item instanceof Map)
}
