/** Patterns of a policy: `*`, `**`, `{namespace}` and `{serviceAccount}`; everything else stands for itself. */

/** What the placeholders of a pattern stand for. */
export interface PatternValues {
  readonly namespace?: string
  readonly serviceAccount?: string
}

export const placeholders = ['namespace', 'serviceAccount'] as const

export interface GlobOptions {
  /** Ends the reach of `*` within the pattern; none when absent. */
  readonly separator?: string
  /** A character that no wildcard stands for. */
  readonly literal?: RegExp
  readonly values?: PatternValues
}

type Token = { readonly text: string } | { readonly wild: (character: string) => boolean }

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
  { values = {}, ...options }: GlobOptions = {},
): boolean {
  const tokens = compile(pattern, values, options)
  if (tokens === undefined) return false
  let states = close(new Set([0]), tokens)
  for (const character of text) {
    const next = new Set<number>()
    for (const state of states) {
      const token = tokens[state]
      if (token === undefined) continue
      if ('wild' in token) {
        if (token.wild(character)) next.add(state)
      } else if (token.text === character) next.add(state + 1)
    }
    states = close(next, tokens)
  }
  return states.has(tokens.length)
}

/** A wildcard may stand for nothing. */
function close(states: Set<number>, tokens: readonly Token[]): Set<number> {
  for (const state of states) {
    const token = tokens[state]
    if (token !== undefined && 'wild' in token) states.add(state + 1)
  }
  return states
}

/** Undefined when a placeholder has no value that could be a name, for then nothing matches. */
function compile(
  pattern: string,
  values: PatternValues,
  { separator, literal }: GlobOptions,
): readonly Token[] | undefined {
  const free = (character: string) => literal?.test(character) !== true
  const bound = (character: string) => character !== separator && free(character)
  const tokens: Token[] = []
  for (const { 0: part, index } of pattern.matchAll(/\*+|\{\w+\}|[\s\S]/gu)) {
    if (part.startsWith('*')) {
      const last = index + part.length === pattern.length
      tokens.push({ wild: part.length > 1 || last ? free : bound })
      continue
    }
    const name = part.slice(1, -1)
    const text = isPlaceholder(name) ? readName(values[name]) : part
    if (text === undefined) return undefined
    tokens.push(...Array.from(text, (character) => ({ text: character })))
  }
  return tokens
}

/** Admission comes before validation: what is no name could bring separators and more. */
function readName(value: string | undefined): string | undefined {
  return value !== undefined && /^[a-z\d][a-z\d.-]*$/.test(value) ? value : undefined
}
