/** Semantic versions, read leniently. Source: Masterminds/semver v3, version.go. */
import { FunctionError } from './functions/function.ts'
import { quote } from './quote.ts'
import { parseGoUint } from './strconv.ts'

export interface Version {
  readonly major: bigint
  readonly minor: bigint
  readonly patch: bigint
  readonly prerelease: string
  readonly metadata: string
  /** As it was written. */
  readonly original: string
}

const pattern =
  /^v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/

/** `v1.2` counts as 1.2.0. Throws `FunctionError` in the library's words. */
export function parseVersion(text: string): Version {
  const found = text.includes('\n') ? null : pattern.exec(text)
  if (found === null) throw new FunctionError('Invalid Semantic Version')
  const [, major = '0', minor = '0', patch = '0', prerelease = '', metadata = ''] = found
  const [a, b, c] = [segment(major), segment(minor), segment(patch)]
  checkPrerelease(prerelease)
  return { major: a, minor: b, patch: c, prerelease, metadata, original: text }
}

function segment(digits: string): bigint {
  const parsed = parseGoUint(digits, 10)
  if (parsed.kind === 'ok') return parsed.value
  throw new FunctionError(
    'Error parsing version segment: strconv.ParseUint: parsing ',
    { value: quote(digits) },
    `: ${parsed.reason}`,
  )
}

export function checkPrerelease(text: string): void {
  for (const part of text.split('.')) {
    if (/^0[0-9]+$/.test(part)) throw new FunctionError('Version segment starts with 0')
    if (!/^[0-9A-Za-z-]*$/.test(part)) throw new FunctionError('Invalid Prerelease string')
  }
}

export function checkMetadata(text: string): void {
  if (!/^[0-9A-Za-z.-]*$/.test(text)) throw new FunctionError('Invalid Metadata string')
}

export function formatVersion({ major, minor, patch, prerelease, metadata }: Version): string {
  const tail = prerelease === '' ? '' : `-${prerelease}`
  return `${major}.${minor}.${patch}${tail}${metadata === '' ? '' : `+${metadata}`}`
}

/** -1, 0 or 1; metadata does not count. */
export function compareVersions(a: Version, b: Version): number {
  return (
    compare(a.major, b.major) ||
    compare(a.minor, b.minor) ||
    compare(a.patch, b.patch) ||
    comparePrereleases(a.prerelease, b.prerelease)
  )
}

function compare<T extends bigint | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** A version without a prerelease is the later one. */
export function comparePrereleases(a: string, b: string): number {
  if (a === b) return 0
  if (a === '') return 1
  if (b === '') return -1
  const left = a.split('.')
  const right = b.split('.')
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const order = comparePart(left[at] ?? '', right[at] ?? '')
    if (order !== 0) return order
  }
  return 0
}

/** Numbers come before words, and a part before none. */
function comparePart(a: string, b: string): number {
  if (a === b) return 0
  if (a === '' || b === '') return a === '' ? -1 : 1
  const [left, right] = [parseGoUint(a, 10), parseGoUint(b, 10)]
  if (left.kind === 'ok' && right.kind === 'ok') return left.value > right.value ? 1 : -1
  if (left.kind === 'ok') return -1
  return right.kind === 'ok' ? 1 : compare(a, b)
}
