/** Patterns of a policy: `*`, `**`, `{namespace}` and `{serviceAccount}`; everything else stands for itself. */

/** What the placeholders of a pattern stand for. */
export interface PatternValues {
  readonly namespace?: string
  readonly serviceAccount?: string
}

export const placeholders = ['namespace', 'serviceAccount'] as const

export interface GlobOptions {
  /** Ends the reach of `*` within the pattern; none when absent. */
  readonly separator?: string | undefined
  /** A character that no wildcard stands for. */
  readonly literal?: RegExp | undefined
  readonly values?: PatternValues
}

/** Ends of what has matched so far, in ascending order. */
type Ends = ReadonlySet<number>

/** Not empty, and curly braces only around the placeholders. */
export function isGlob(pattern: string): boolean {
  const rest = pattern.replaceAll(/\{(\w+)\}/g, (whole, name) => (isPlaceholder(name) ? '' : whole))
  return pattern !== '' && !/[{}]/.test(rest)
}

/** All but the placeholders, `$(HOST_IP)` and its like included. */
export function lowerCase(pattern: string): string {
  return pattern.replaceAll(/\{\w+\}|\$\(\w+\)|[^{$]+/g, (part) =>
    /^[{$]/.test(part) ? part : part.toLowerCase(),
  )
}

function isPlaceholder(name: string): name is keyof PatternValues {
  return placeholders.some((known) => known === name)
}

/**
 * `*` stands for any characters up to the next separator, `**` and a `*` at the end for any characters at all. Takes time in
 * proportion to pattern times text, whatever they are.
 */
export function matchGlob(
  pattern: string,
  text: string,
  { values = {}, separator, literal }: GlobOptions = {},
): boolean {
  let ends: Ends = new Set([0])
  for (const { 0: part, index } of pattern.matchAll(/\*+|\{\w+\}|[^*{]+|\{/g)) {
    if (part.startsWith('*')) {
      const isBound = part.length === 1 && index + 1 < pattern.length
      ends = extend(ends, text, { separator: isBound ? separator : undefined, literal })
      continue
    }
    const name = part.slice(1, -1)
    const wanted = isPlaceholder(name) ? readName(values[name]) : part
    // Nothing matches a placeholder without a value that could be a name.
    if (wanted === undefined) return false
    ends = advance(ends, text, wanted)
  }
  return ends.has(text.length)
}

function advance(ends: Ends, text: string, wanted: string): Ends {
  const next = new Set<number>()
  for (const end of ends) if (text.startsWith(wanted, end)) next.add(end + wanted.length)
  return next
}

function extend(ends: Ends, text: string, { separator, literal }: GlobOptions): Ends {
  const next = new Set<number>()
  for (const end of ends) {
    for (let at = end; !next.has(at); at += 1) {
      next.add(at)
      const character = text[at]
      if (character === undefined || character === separator) break
      if (literal?.test(character) === true) break
    }
  }
  return next
}

/** Admission comes before validation: what is no name could bring separators and more. */
function readName(value: string | undefined): string | undefined {
  return value !== undefined && /^[a-z\d][a-z\d.-]*$/.test(value) ? value : undefined
}
