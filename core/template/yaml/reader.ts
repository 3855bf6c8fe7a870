/** The value of a YAML text's first document, as yaml.v2 decodes it into an empty interface. */
import { fromByteString, toByteString } from '../byte-string.ts'
import { FunctionError } from '../functions/function.ts'
import type { ConcreteValue } from '../values.ts'
import { Mapping, type Node, nothing, toList, toScalar } from './node.ts'
import { Scanner } from './scanner.ts'
import { type Mark, YamlSyntaxError, type YamlToken } from './token.ts'

/** `text` is a byte string, undefined is null. Throws `FunctionError`. */
export function parseYaml(text: string): ConcreteValue | undefined {
  const source = fromByteString(text)
  if (toByteString(source) !== text) throw new FunctionError('yaml: invalid leading UTF-8 octet')
  if (/[^\t\n\r\x20-\x7e\x85\u00a0-\ud7ff\ud800-\udfff\ue000-\ufffd]/.test(source)) {
    throw new FunctionError('yaml: control characters are not allowed')
  }
  try {
    return new Reader(source.replace(/^\ufeff/, '')).readDocument()
  } catch (thrown) {
    if (!(thrown instanceof YamlSyntaxError)) throw thrown
    const place = thrown.line === 0 ? '' : `line ${thrown.line}: `
    throw new FunctionError(`yaml: ${place}${thrown.problem}`)
  }
}

type TokenKind = YamlToken['kind']

/** What stands before a node. */
interface Properties {
  readonly anchor?: string
  readonly tag?: string
}

/** Where a node stands. */
interface Place {
  readonly isBlock: boolean
  /** A list there need not be indented. */
  readonly isUnderKey: boolean
}

/** An anchored node, undefined while it is being read. */
type Anchors = Map<string, Node | undefined>

class Reader {
  readonly #scanner: Scanner
  readonly #anchors: Anchors = new Map()
  readonly #tagHandles = new Map([['!!', 'tag:yaml.org,2002:']])
  #nodes = 0
  #aliasedNodes = 0

  constructor(text: string) {
    this.#scanner = new Scanner(text)
  }

  readDocument(): ConcreteValue | undefined {
    let isExplicit = false
    for (let next = this.#scanner.peek(); next.kind === 'directive'; next = this.#scanner.peek()) {
      this.#readDirective(next.text, next.mark)
      this.#scanner.take()
      isExplicit = true
    }
    const next = this.#scanner.peek()
    if (next.kind === 'end' && !isExplicit) return undefined
    const hasStart = this.#skip('document-start')
    if (!hasStart && isExplicit) fail('did not find expected <document start>', next.mark)
    const ends: readonly TokenKind[] = ['document-start', 'document-end', 'directive', 'end']
    if (hasStart && this.#isAt(ends)) return undefined
    const { value } = this.#readNode({ isBlock: true, isUnderKey: false })
    // What ends the document must be well formed itself.
    this.#scanner.peek()
    return value
  }

  #readDirective(text: string, mark: Mark): void {
    const [name, first = '', second = ''] = text.split(/[ \t]+/)
    if (name === '%TAG') this.#tagHandles.set(first, second)
    else if (first !== '1.1') fail('found incompatible YAML document', mark)
  }

  #isAt(kinds: readonly TokenKind[]): boolean {
    return kinds.includes(this.#scanner.peek().kind)
  }

  #skip(kind: TokenKind): boolean {
    const isNext = this.#isAt([kind])
    if (isNext) this.#scanner.take()
    return isNext
  }

  /** The node, or nothing where one of `ends` follows. */
  #readUnless(ends: readonly TokenKind[], isBlock: boolean, isUnderKey = false): Node {
    return this.#isAt(ends) ? this.#count(nothing) : this.#readNode({ isBlock, isUnderKey })
  }

  #readNode(place: Place): Node {
    const start = this.#scanner.peek().mark
    const alias = this.#scanner.peek()
    if (alias.kind === 'alias') {
      this.#scanner.take()
      return this.#resolveAlias(alias.text)
    }
    const properties = this.#readProperties()
    const { anchor } = properties
    if (anchor !== undefined) this.#anchors.set(anchor, undefined)
    const node = this.#count(this.#readContent(properties, place, start))
    if (anchor !== undefined) this.#anchors.set(anchor, node)
    return node
  }

  #count(node: Node): Node {
    this.#nodes++
    return node
  }

  #resolveAlias(name: string): Node {
    const node = this.#anchors.get(name)
    if (node !== undefined) {
      this.#nodes += node.size
      this.#aliasedNodes += node.size
      this.#refuseExplosion()
      return { ...node, isMerge: false }
    }
    const shown = { value: `'${toByteString(name)}'` }
    if (this.#anchors.has(name)) {
      throw new FunctionError('yaml: anchor ', shown, ' value contains itself')
    }
    throw new FunctionError('yaml: unknown anchor ', shown, ' referenced')
  }

  /** Source: yaml.v2's allowedAliasRatio. */
  #refuseExplosion(): void {
    const share = Math.min(Math.max((this.#nodes - 400_000) / 3_600_000, 0), 1)
    const allowed = 0.99 - share * 0.89
    const isLarge = this.#aliasedNodes > 100 && this.#nodes > 1000
    if (isLarge && this.#aliasedNodes / this.#nodes > allowed) {
      throw new FunctionError('yaml: document contains excessive aliasing')
    }
  }

  #readProperties(): Properties {
    let properties: Properties = {}
    for (;;) {
      const next = this.#scanner.peek()
      if (next.kind === 'anchor' && properties.anchor === undefined) {
        properties = { ...properties, anchor: next.text }
      } else if (next.kind === 'tag' && properties.tag === undefined) {
        properties = { ...properties, tag: this.#fullTag(next.text, next.mark) }
      } else return properties
      this.#scanner.take()
    }
  }

  #fullTag(text: string, mark: Mark): string {
    const verbatim = /^!<(.*)>$/.exec(text)
    if (verbatim !== null) return verbatim[1] ?? ''
    const [, handle = '!', suffix = ''] = /^(!(?:[-\w]*!)?)(.*)$/s.exec(text) ?? []
    const prefix = this.#tagHandles.get(handle) ?? (handle === '!' ? '!' : undefined)
    return prefix === undefined ? fail('found undefined tag handle', mark) : prefix + suffix
  }

  #readContent(properties: Properties, { isBlock, isUnderKey }: Place, start: Mark): Node {
    const next = this.#scanner.peek()
    if (next.kind === 'scalar') {
      this.#scanner.take()
      return toScalar(toByteString(next.text), { isPlain: next.isPlain, tag: properties.tag })
    }
    if (isUnderKey && next.kind === 'entry') return this.#readEntries()
    if (next.kind === 'flow-sequence') return this.#readFlowSequence()
    if (next.kind === 'flow-mapping') return this.#readFlowMapping()
    if (isBlock && next.kind === 'block-sequence') return this.#readBlockSequence()
    if (isBlock && next.kind === 'block-mapping') return this.#readBlockMapping()
    if (properties.anchor !== undefined || properties.tag !== undefined) {
      return toScalar('', { isPlain: true, tag: properties.tag })
    }
    return fail('did not find expected node content', next.mark, start)
  }

  #readBlockSequence(): Node {
    const start = this.#scanner.take().mark
    const node = this.#readEntries(['entry', 'block-end'])
    const next = this.#scanner.take()
    if (next.kind === 'block-end') return node
    return fail("did not find expected '-' indicator", next.mark, start)
  }

  /** Without `ends` the entries are those of a list that is not indented under its key. */
  #readEntries(ends: readonly TokenKind[] = ['entry', 'key', 'value', 'block-end']): Node {
    const items: Node[] = []
    while (this.#skip('entry')) items.push(this.#readUnless(ends, true))
    return toList(items)
  }

  #readBlockMapping(): Node {
    const start = this.#scanner.take().mark
    const mapping = new Mapping()
    const ends: readonly TokenKind[] = ['key', 'value', 'block-end']
    while (this.#skip('key')) {
      const key = this.#readUnless(ends, true, true)
      mapping.set(
        key,
        this.#skip('value') ? this.#readUnless(ends, true, true) : this.#count(nothing),
      )
    }
    const next = this.#scanner.take()
    if (next.kind === 'block-end') return mapping.node
    return fail('did not find expected key', next.mark, start)
  }

  #readFlowSequence(): Node {
    const start = this.#scanner.take().mark
    const items: Node[] = []
    while (!this.#isAt(['flow-sequence-end'])) {
      if (items.length > 0 && !this.#skip('flow-entry')) {
        fail("did not find expected ',' or ']'", this.#scanner.peek().mark, start)
      }
      if (this.#isAt(['flow-sequence-end'])) break
      items.push(this.#isAt(['key']) ? this.#readSinglePair() : this.#readFlowNode())
    }
    this.#scanner.take()
    return toList(items)
  }

  #readFlowNode(): Node {
    return this.#readNode({ isBlock: false, isUnderKey: false })
  }

  /** `[a: b]` is a list of one mapping. */
  #readSinglePair(): Node {
    this.#scanner.take()
    const mapping = new Mapping()
    const key = this.#readUnless(['value', 'flow-entry', 'flow-sequence-end'], false)
    mapping.set(key, this.#readFlowValue('flow-sequence-end'))
    return this.#count(mapping.node)
  }

  #readFlowValue(end: TokenKind): Node {
    if (!this.#skip('value')) return this.#count(nothing)
    return this.#readUnless(['flow-entry', end], false)
  }

  #readFlowMapping(): Node {
    const end = 'flow-mapping-end'
    const start = this.#scanner.take().mark
    const mapping = new Mapping()
    for (let isFirst = true; !this.#isAt([end]); isFirst = false) {
      if (!isFirst && !this.#skip('flow-entry')) {
        fail("did not find expected ',' or '}'", this.#scanner.peek().mark, start)
      }
      if (this.#isAt([end])) break
      if (this.#skip('key')) {
        const key = this.#readUnless(['value', 'flow-entry', end], false)
        mapping.set(key, this.#readFlowValue(end))
      } else mapping.set(this.#readFlowNode(), this.#count(nothing))
    }
    this.#scanner.take()
    return mapping.node
  }
}

/** yaml.v2 names a parser's line from 0, and none where that is 0. */
function fail(problem: string, mark: Mark, start: Mark = mark): never {
  throw new YamlSyntaxError(problem, mark.line || start.line)
}
