/** Vault's policies: what rules allow. */
import type { Operation } from './exchange.ts'
import { compareTexts } from './json.ts'
import type { Rule } from './policy-text.ts'

/**
 * Whether the rules of all policies of a token together allow `operation` on `path`: the most specific pattern decides,
 * equal patterns are united, `deny` beats everything.
 * Source: https://developer.hashicorp.com/vault/docs/concepts/policies#priority-matching
 */
export function isAllowed(rules: readonly Rule[], path: string, operation: Operation): boolean {
  const best = findPattern(rules, path, operation)
  const granted = rules.filter((rule) => rule.path === best).flatMap((rule) => rule.capabilities)
  return granted.includes(operation) && !granted.includes('deny')
}

/** Whether some rule gives something below `mount`, a path that ends in a slash. */
export function reachesMount(rules: readonly Rule[], mount: string): boolean {
  return rules
    .filter((rule) => !rule.capabilities.includes('deny'))
    .some(({ path }) => {
      const fixed = path.slice(0, Math.min(firstWildcard(path), path.length))
      return fixed.startsWith(mount) || (fixed !== path && mount.startsWith(fixed))
    })
}

function findPattern(
  rules: readonly Rule[],
  path: string,
  operation: Operation,
): string | undefined {
  const patterns = rules.map((rule) => rule.path)
  // A list is asked for with a trailing slash, which its rule may leave out.
  const bare = operation === 'list' ? path.replace(/\/$/, '') : path
  const exact = [path, bare].find((asked) => patterns.includes(asked))
  return exact ?? mostSpecific(patterns, bare) ?? mostSpecific(patterns, path)
}

function mostSpecific(patterns: readonly string[], path: string): string | undefined {
  return patterns.filter((pattern) => matches(pattern, path)).sort(comparePatterns)[0]
}

function matches(pattern: string, path: string): boolean {
  const open = pattern.endsWith('*')
  const expected = (open ? pattern.slice(0, -1) : pattern).split('/')
  const actual = path.split('/')
  const last = expected.length - 1
  if (open ? actual.length < expected.length : actual.length !== expected.length) return false
  return expected.every((segment, at) => {
    if (segment === '+') return true
    const other = actual[at] ?? ''
    return open && at === last ? other.startsWith(segment) : other === segment
  })
}

/** Negative when `left` is the more specific one; the order of the criteria is Vault's. */
function comparePatterns(left: string, right: string): number {
  return (
    firstWildcard(right) - firstWildcard(left) ||
    Number(left.endsWith('*')) - Number(right.endsWith('*')) ||
    countPlus(left) - countPlus(right) ||
    right.length - left.length ||
    compareTexts(right, left)
  )
}

function firstWildcard(pattern: string): number {
  if (countPlus(pattern) > 0) return pattern.indexOf('+')
  return pattern.endsWith('*') ? pattern.length - 1 : Number.MAX_SAFE_INTEGER
}

function countPlus(pattern: string): number {
  return pattern.split('/').filter((segment) => segment === '+').length
}

const updates = { capabilities: ['update'] }

/** What every token may do unless its role says otherwise. */
export const defaultPolicy = JSON.stringify({
  path: {
    'auth/token/lookup-self': { capabilities: ['read'] },
    'auth/token/renew-self': updates,
    'auth/token/revoke-self': updates,
    'sys/leases/renew': updates,
    'sys/leases/lookup': updates,
    'sys/wrapping/wrap': updates,
    'sys/wrapping/lookup': updates,
    'sys/wrapping/unwrap': updates,
  },
})

/** What the token around a wrapped answer may do. */
export const wrappingPolicy = JSON.stringify({ path: { 'sys/wrapping/unwrap': updates } })
