/** Constraints on versions: `^1.2 || >=3, <4`. Source: Masterminds/semver v3, constraints.go. */
import { FunctionError } from './functions/function.ts'
import { comparePrereleases, compareVersions, parseVersion, type Version } from './semver.ts'

interface Constraint {
  readonly operator: string
  readonly version: Version
  /** Parts of the version are left open: all but the major, all but the minor, or any of the three. */
  readonly openMinor: boolean
  readonly openPatch: boolean
  readonly isOpen: boolean
}

const version =
  'v?([0-9|xX*]+)(\\.[0-9|xX*]+)?(\\.[0-9|xX*]+)?(-([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?(\\+([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?'
const bare = version.replaceAll('(?:', '\0').replaceAll('(', '(?:').replaceAll('\0', '(?:')
/** In the order of the library, which takes the first that fits. */
const operator = '=||!=|>|<|>=|=>|<=|=<|~|~>|\\^'
const single = `(?:${operator})\\s*${bare}`

const rangePattern = new RegExp(`\\s*(${bare})\\s+-\\s+(${bare})\\s*`, 'g')
const validPattern = new RegExp(`^(?:\\s*${single}\\s*)(?:(?:\\s+|,\\s*)${single}\\s*)*$`)
const findPattern = new RegExp(single, 'g')
const partsPattern = new RegExp(`^\\s*(${operator})\\s*(${version})\\s*$`)

/** Whether `text` allows a version. Throws `FunctionError`. */
export function satisfies(text: string): (given: Version) => boolean {
  const alternatives = rewriteRanges(text).split('||').map(parseAll)
  return (given) => alternatives.some((all) => all.every((constraint) => check(constraint, given)))
}

/** `1.2 - 2.3` means `>= 1.2, <= 2.3`. */
function rewriteRanges(text: string): string {
  return text.replace(rangePattern, (_, from: string, to: string) => `>= ${from}, <= ${to} `)
}

function parseAll(text: string): readonly Constraint[] {
  if (!validPattern.test(text)) {
    throw new FunctionError('improper constraint: ', { value: text })
  }
  const found = text.match(findPattern) ?? [text]
  return found.map(parseOne)
}

const isOpen = (part: string | undefined) =>
  part === undefined || ['', 'x', 'X', '*'].includes(part.replace('.', ''))

function parseOne(text: string): Constraint {
  const found = partsPattern.exec(text)
  if (found === null) throw new FunctionError('improper constraint: ', { value: text })
  const [, sign = '', written = '', major = '', minor = '', patch = '', prerelease = ''] = found
  const open = { openMinor: false, openPatch: false, isOpen: true }
  const at = (exact: string) => parseExact(exact)
  if (isOpen(major)) return { operator: sign, version: at(`0.0.0${prerelease}`), ...open }
  if (isOpen(minor)) {
    return { operator: sign, ...open, version: at(`${major}.0.0${prerelease}`), openMinor: true }
  }
  if (isOpen(patch)) {
    return {
      operator: sign,
      ...open,
      version: at(`${major}${minor}.0${prerelease}`),
      openPatch: true,
    }
  }
  return { operator: sign, ...open, version: at(written), isOpen: false }
}

function parseExact(text: string): Version {
  try {
    return parseVersion(text)
  } catch (thrown) {
    if (!(thrown instanceof FunctionError)) throw thrown
    throw new FunctionError('constraint Parser Error')
  }
}

type Check = (constraint: Constraint, given: Version) => boolean

function check(constraint: Constraint, given: Version): boolean {
  const run = checks.get(constraint.operator)
  if (run === undefined) return false
  const asksForRelease = constraint.version.prerelease === '' && given.prerelease !== ''
  // Only an exact `!=` lets a prerelease through that the constraint does not speak of.
  const skips = constraint.operator === '!=' && !constraint.isOpen
  return asksForRelease && !skips ? false : run(constraint, given)
}

const notEqual: Check = ({ version: wanted, isOpen: open, openMinor, openPatch }, given) => {
  if (!open) return compareVersions(given, wanted) !== 0
  if (wanted.major !== given.major) return true
  if (openMinor) return false
  if (wanted.minor !== given.minor) return true
  if (openPatch) return comparePrereleases(given.prerelease, wanted.prerelease) !== 0
  return wanted.patch !== given.patch || compareVersions(given, wanted) !== 0
}

const greater: Check = ({ version: wanted, isOpen: open, openMinor, openPatch }, given) => {
  if (!open) return compareVersions(given, wanted) > 0
  if (given.major !== wanted.major) return given.major > wanted.major
  if (openMinor) return false
  return openPatch ? given.minor > wanted.minor : compareVersions(given, wanted) > 0
}

const lessOrEqual: Check = ({ version: wanted, isOpen: open, openMinor }, given) => {
  if (!open) return compareVersions(given, wanted) <= 0
  if (given.major > wanted.major) return false
  return !(given.major === wanted.major && given.minor > wanted.minor && !openMinor)
}

const tilde: Check = ({ version: wanted, openMinor, openPatch }, given) => {
  if (compareVersions(given, wanted) < 0) return false
  const isZero = wanted.major === 0n && wanted.minor === 0n && wanted.patch === 0n
  if (isZero && !openMinor && !openPatch) return true
  return given.major === wanted.major && (given.minor === wanted.minor || openMinor)
}

const caret: Check = ({ version: wanted, openMinor, openPatch }, given) => {
  if (compareVersions(given, wanted) < 0) return false
  if (wanted.major > 0n || openMinor) return given.major === wanted.major
  if (given.major > 0n) return false
  if (wanted.minor > 0n || openPatch) return given.minor === wanted.minor
  return given.minor === 0n && given.patch === wanted.patch
}

const atLeast: Check = ({ version: wanted }, given) => compareVersions(given, wanted) >= 0
const equal: Check = (constraint, given) =>
  constraint.isOpen ? tilde(constraint, given) : compareVersions(given, constraint.version) === 0

const checks = new Map<string, Check>([
  ['', equal],
  ['=', equal],
  ['!=', notEqual],
  ['>', greater],
  ['<', ({ version: wanted }, given) => compareVersions(given, wanted) < 0],
  ['>=', atLeast],
  ['=>', atLeast],
  ['<=', lessOrEqual],
  ['=<', lessOrEqual],
  ['~', tilde],
  ['~>', tilde],
  ['^', caret],
])
