/** YAML as kubectl reads it, with the place of every node. */
import {
  boolYaml11Tag,
  COLLECTION_STYLE,
  CORE_SCHEMA,
  constructFromEvents,
  defineScalarTag,
  EVENT_ID,
  type Event,
  getScalarValue,
  intCoreTag,
  mergeTag,
  parseEvents,
  SCALAR_STYLE,
  type ScalarEvent,
  YAMLException,
} from 'js-yaml'

/** Where a node stands: offsets into the text, the end exclusive. Quotes and brackets belong to it, anchors and tags do not. */
interface Span {
  readonly start: number
  readonly end: number
}

export type YamlNode =
  /** `block`: a literal or folded scalar, which starts with the first line of its text. */
  | (Span & { readonly kind: 'scalar'; readonly block: boolean })
  | (Span & { readonly kind: 'alias' })
  | (Span & {
      readonly kind: 'sequence'
      readonly flow: boolean
      readonly items: readonly YamlNode[]
    })
  | (Span & {
      readonly kind: 'mapping'
      readonly flow: boolean
      readonly entries: readonly YamlEntry[]
    })

export interface YamlEntry {
  readonly key: string
  readonly keyStart: number
  readonly value: YamlNode
}

export type YamlReading =
  /** `node` is undefined for a document without content. */
  | { readonly kind: 'value'; readonly value: unknown; readonly node: YamlNode | undefined }
  | { readonly kind: 'invalid'; readonly expected: string; readonly offset: number }

/** As kubectl reads YAML: octal numbers begin with 0, `yes` and `on` are booleans, `<<` merges; 12:30 is text. */
const schema = CORE_SCHEMA.withTags(
  mergeTag,
  boolYaml11Tag,
  defineScalarTag(intCoreTag.tagName, {
    ...intCoreTag,
    resolve: (source, isExplicit, tagName) =>
      /^[-+]?0[0-7]+$/.test(source)
        ? Number.parseInt(source, 8)
        : intCoreTag.resolve(source, isExplicit, tagName),
  }),
)

/** One document. The text is never quoted: it may hold secrets. */
export function readYaml(source: string): YamlReading {
  try {
    const events = parseEvents(source, {})
    const [value, ...more] = constructFromEvents(events, { source, schema })
    if (more.length > 0) {
      return { kind: 'invalid', expected: 'documents with --- between them', offset: 0 }
    }
    return { kind: 'value', value, node: new NodeReader(source, events).readDocument() }
  } catch (thrown) {
    const offset = thrown instanceof YAMLException ? thrown.mark?.position : undefined
    return { kind: 'invalid', expected: 'a YAML document', offset: offset ?? 0 }
  }
}

class NodeReader {
  readonly #source: string
  readonly #events: readonly Event[]
  #at = 0
  /** Where the last node ended: the place of one that is empty. */
  #end = 0

  constructor(source: string, events: readonly Event[]) {
    this.#source = source
    this.#events = events
  }

  readDocument(): YamlNode | undefined {
    if (this.#events[0]?.type !== EVENT_ID.DOCUMENT) return undefined
    this.#at = 1
    return this.#read()
  }

  /** Undefined at the end of the collection around it. */
  #read(): YamlNode | undefined {
    const event = this.#events[this.#at++]
    if (event === undefined || event.type === EVENT_ID.DOCUMENT || event.type === EVENT_ID.POP) {
      return undefined
    }
    const node = this.#readEvent(event)
    this.#end = node.end
    return node
  }

  #readEvent(event: Exclude<Event, { readonly type: 1 | 6 }>): YamlNode {
    switch (event.type) {
      case EVENT_ID.ALIAS:
        return { kind: 'alias', start: event.anchorStart - 1, end: event.anchorEnd }
      case EVENT_ID.SCALAR:
        return this.#readScalar(event)
      case EVENT_ID.SEQUENCE: {
        const flow = event.style === COLLECTION_STYLE.FLOW
        const items = [...this.#readAll(event.start + (flow ? 1 : 0))]
        return { kind: 'sequence', start: event.start, end: this.#close(flow), flow, items }
      }
      case EVENT_ID.MAPPING: {
        const flow = event.style === COLLECTION_STYLE.FLOW
        const entries = [...this.#readEntries(event.start + (flow ? 1 : 0))]
        return { kind: 'mapping', start: event.start, end: this.#close(flow), flow, entries }
      }
    }
  }

  #readScalar({ style, valueStart, valueEnd }: ScalarEvent): YamlNode {
    if (valueStart < 0) return { kind: 'scalar', start: this.#end, end: this.#end, block: false }
    const quotes =
      style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED ? 1 : 0
    const block = style === SCALAR_STYLE.LITERAL_BLOCK || style === SCALAR_STYLE.FOLDED_BLOCK
    return { kind: 'scalar', start: valueStart - quotes, end: valueEnd + quotes, block }
  }

  *#readAll(start: number): Iterable<YamlNode> {
    this.#end = start
    for (let item = this.#read(); item !== undefined; item = this.#read()) yield item
  }

  *#readEntries(start: number): Iterable<YamlEntry> {
    this.#end = start
    for (;;) {
      const event = this.#events[this.#at]
      const key = this.#read()
      if (key === undefined) return
      const text = event?.type === EVENT_ID.SCALAR ? getScalarValue(this.#source, event) : ''
      const colon = /^\s*:/.exec(this.#source.slice(key.end, key.end + 80))
      this.#end = key.end + (colon?.[0].length ?? 0)
      const value = this.#read()
      if (value === undefined) return
      yield { key: text, keyStart: key.start, value }
    }
  }

  #close(flow: boolean): number {
    if (!flow) return this.#end
    const rest = /(?:[\s,]|#.*)*[\]}]/y
    rest.lastIndex = this.#end
    return this.#end + (rest.exec(this.#source)?.[0].length ?? 0)
  }
}

/** The node at `path`, undefined where there is none; aliases are not followed. */
export function findNode(root: YamlNode, path: readonly (string | number)[]): YamlNode | undefined {
  return path.reduce<YamlNode | undefined>((node, step) => findChild(node, step)?.value, root)
}

/** Where the key or element at `path` begins; where there is none, the deepest one on the way. */
export function findOffset(root: YamlNode, path: readonly (string | number)[]): number {
  let offset = root.start
  let node: YamlNode | undefined = root
  for (const step of path) {
    const child: YamlEntry | undefined = findChild(node, step)
    if (child === undefined) return offset
    offset = child.keyStart
    node = child.value
  }
  return offset
}

/** Elements of a sequence have no key: they begin with their value. */
function findChild(node: YamlNode | undefined, step: string | number): YamlEntry | undefined {
  if (node?.kind === 'mapping') return node.entries.find(({ key }) => key === step)
  const item = node?.kind === 'sequence' && typeof step === 'number' ? node.items[step] : undefined
  return item === undefined ? undefined : { key: '', keyStart: item.start, value: item }
}
