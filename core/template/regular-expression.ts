/** Go's regular expressions over byte strings. Source: Go's regexp; the matching itself is re2js's. */
import { RE2JS, RE2JSException } from 're2js'
import { decodeRune, fromByteString, toByteString, toBytes } from './byte-string.ts'
import { FunctionError, type MessagePart } from './functions/function.ts'

/** From where to where the whole and each group matched; undefined for a group that took no part. */
export type Match = readonly [Span, ...(Span | undefined)[]]

export interface Span {
  readonly start: number
  readonly end: number
}

export class RegularExpression {
  readonly #compiled: RE2JS
  readonly #isEmpty: boolean
  readonly #names: readonly (readonly [string, number])[]

  /** Throws `FunctionError` with Go's `error parsing regexp: …`. */
  constructor(pattern: string) {
    const { compiled, names } = compile(pattern)
    this.#compiled = compiled
    this.#isEmpty = pattern === ''
    this.#names = names
  }

  test(text: string): boolean {
    return this.#finder(text)(0) !== undefined
  }

  /** Up to `limit` matches that do not overlap, all for a negative one. Source: Go's allMatches. */
  findAll(text: string, limit: number): readonly Match[] {
    const find = this.#finder(text)
    const found: Match[] = []
    let previousEnd = -1
    for (let at = 0; at <= text.length && (limit < 0 || found.length < limit); ) {
      const match = find(at)
      if (match === undefined) break
      const [{ start, end }] = match
      const isRepeated = end === at && start === previousEnd
      at = end === at ? at + widthAt(text, at) : end
      previousEnd = end
      if (!isRepeated) found.push(match)
    }
    return found
  }

  /** Source: Go's Regexp.replaceAll. */
  replaceAll(text: string, replace: (match: Match) => string): string {
    const find = this.#finder(text)
    let output = ''
    let lastEnd = 0
    for (let at = 0; at <= text.length; ) {
      const match = find(at)
      if (match === undefined) break
      const [{ start, end }] = match
      output += text.slice(lastEnd, start)
      if (end > lastEnd || start === 0) output += replace(match)
      lastEnd = end
      at = Math.max(end, at + widthAt(text, at))
    }
    return output + text.slice(lastEnd)
  }

  /** Up to `limit` parts, all for a negative one; undefined for none at all. Source: Go's Regexp.Split. */
  split(text: string, limit: number): readonly string[] | undefined {
    if (limit === 0) return undefined
    if (!this.#isEmpty && text === '') return ['']
    const parts: string[] = []
    let begin = 0
    let end = 0
    for (const [span] of this.findAll(text, limit)) {
      if (limit > 0 && parts.length === limit - 1) break
      end = span.start
      if (span.end !== 0) parts.push(text.slice(begin, end))
      begin = span.end
    }
    if (end !== text.length) parts.push(text.slice(begin))
    return parts
  }

  /** `$1`, `${name}` and `$$` filled in; the longest name counts, an unknown one is empty. Source: Go's Regexp.expand. */
  expand(template: string, text: string, match: Match): string {
    return template.replace(reference, (whole, braced?: string, bare?: string) => {
      if (whole === '$$') return '$'
      const span = this.#groupOf(braced ?? bare ?? '', match)
      return span === undefined ? '' : text.slice(span.start, span.end)
    })
  }

  #groupOf(name: string, match: Match): Span | undefined {
    if (/^(?:0|[1-9][0-9]*)$/.test(name)) return match[Number(name)]
    for (const [known, index] of this.#names) {
      if (known === fromByteString(name) && match[index] !== undefined) return match[index]
    }
    return undefined
  }

  /** Finds the first match from an offset on. */
  #finder(text: string): (from: number) => Match | undefined {
    const matcher = this.#compiled.matcher(toBytes(text))
    const count = matcher.groupCount()
    return (from) => {
      if (!matcher.find(from)) return undefined
      const whole = { start: matcher.start(), end: matcher.end() }
      const groups = Array.from({ length: count }, (_, at) => {
        const start = matcher.start(at + 1)
        return start < 0 ? undefined : { start, end: matcher.end(at + 1) }
      })
      return [whole, ...groups]
    }
  }
}

/** Names are letters, digits and `_`, in bytes as Go's isolated runes; braces must close. */
const reference = /\$\$|\$(?:\{([\w\x80-\xff]+)\}|([\w\x80-\xff]+))/g

/** Bytes of the rune at `at`, 1 at the end. */
function widthAt(text: string, at: number): number {
  return at < text.length ? decodeRune(text, at).size : 1
}

interface Compiled {
  readonly compiled: RE2JS
  /** Groups by name; a name may stand for several. */
  readonly names: readonly (readonly [string, number])[]
}

function compile(pattern: string): Compiled {
  if (toByteString(fromByteString(pattern)) !== pattern) {
    throw new FunctionError('error parsing regexp: invalid UTF-8: ', { value: `\`${pattern}\`` })
  }
  const text = fromByteString(pattern)
  try {
    return withNames(RE2JS.compile(text), (name) => name)
  } catch (thrown) {
    if (!(thrown instanceof RE2JSException)) throw thrown
    const repeated = /^error parsing regexp: duplicate capture group name: /.test(thrown.message)
    const renamed = repeated ? renameGroups(text) : text
    // Go lets groups share a name, the library does not.
    if (renamed !== text) return withNames(RE2JS.compile(renamed), originalName)
    throw new FunctionError(...describeProblem(thrown.message))
  }
}

function withNames(compiled: RE2JS, rename: (name: string) => string): Compiled {
  const names = Object.entries(compiled.namedGroups())
  return { compiled, names: names.map(([name, index]) => [rename(name), index] as const) }
}

function describeProblem(message: string): readonly MessagePart[] {
  const [, what = '', subject] = /^(error parsing regexp: [^`]*)(`.*)?$/s.exec(message) ?? []
  return subject === undefined ? [what] : [what, { value: toByteString(subject) }]
}

/** What cannot start a group, or the start of a named one. */
const groupStart =
  /\\Q[\s\S]*?(?:\\E|$)|\\[\s\S]|\[\^?\]?(?:\\[\s\S]|\[:\w+:\]|[^\]\\])*\]|\(\?P?<(\w+)>/g

/** Every named group gets a name of its own. */
function renameGroups(pattern: string): string {
  let count = 0
  return pattern.replace(groupStart, (whole, name?: string) =>
    name === undefined ? whole : `(?P<${name}__${count++}>`,
  )
}

const originalName = (name: string) => name.replace(/__\d+$/, '')

/** Special characters with a backslash before them. Source: Go's regexp.QuoteMeta. */
export function quoteMeta(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')
}
