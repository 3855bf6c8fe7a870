/** From the bytes of a body to a JSON value, unless it is malformed or costs too much. */
import { type JsonLimits, scanJson } from './json-scanner.ts'

/**
 * What a review may be at most. A pod has at most some 20 levels, and the API server takes objects of up to 3 MiB; the string is
 * bound by etcd's 1.5 MiB for a whole object.
 */
export const jsonLimits: JsonLimits = {
  depth: 64,
  tokens: 200_000,
  stringBytes: 1.5 * 2 ** 20,
}

export type BodyParsing =
  | {
      readonly kind: 'value'
      readonly value: unknown
      readonly text: string
      /** Whether `value` may have numbers that are not what the text says. */
      readonly hasLongNumbers: boolean
    }
  /** No JSON; `problem` is what Go says of it. */
  | { readonly kind: 'malformed'; readonly problem: string }
  /** JSON that is refused; `reason` is a constant. */
  | { readonly kind: 'refused'; readonly reason: string }

const reasons: Readonly<Record<keyof JsonLimits, string>> = {
  depth: `the body is nested more than ${jsonLimits.depth} deep`,
  tokens: `the body has more than ${jsonLimits.tokens} keys and values`,
  stringBytes: 'the body has a string of more than 1.5 MiB',
}

/** `bytes` are decoded as UTF-8; what is none becomes replacement characters. */
export function parseBody(bytes: Buffer): BodyParsing {
  const scan = scanJson(bytes, jsonLimits)
  if (scan.kind === 'malformed') return scan
  if (scan.kind === 'limit') return { kind: 'refused', reason: reasons[scan.limit] }
  const text = bytes.toString('utf8')
  const value: unknown = JSON.parse(text)
  // Of two equal keys the parser keeps the last; another reader of the same body might keep the first.
  if (countKeys(value) !== scan.keys) return { kind: 'refused', reason: 'the body has a key twice' }
  return { kind: 'value', value, text, hasLongNumbers: scan.hasLongNumbers }
}

/** As deep as the scan allowed. */
function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  let count = 0
  if (Array.isArray(value)) {
    for (const item of value) count += countKeys(item)
    return count
  }
  for (const member of Object.values(value)) count += 1 + countKeys(member)
  return count
}
