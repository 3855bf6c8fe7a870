/** A store as somebody configured it: a name, a type and settings that fit the type's table. */
import { parseDuration } from '../../duration.ts'
import type { Environment } from '../../environment.ts'
import type { Issue, Parsed } from '../../issue.ts'
import { findNearest } from '../../nearest.ts'
import { storeNamePattern } from '../../reference.ts'
import type { Setting, SettingTable } from './setting.ts'
import {
  commonSettings,
  isStoreTypeName,
  type StoreTypeName,
  storeTypeNames,
  storeTypes,
} from './store-types.ts'
import { parseWorkloadProvider } from './workload-provider.ts'

export interface StoreSettings {
  readonly name: string
  readonly type: StoreTypeName
  /** Texts that fit the kinds of the table, in one spelling; absent where nothing was given. */
  readonly values: ReadonlyMap<string, string>
  /** Whether secrets have the names and the form of Keep HQ (core/stores/preset). Default: no. */
  readonly isKeep?: boolean
}

export interface GivenStore {
  readonly name: string
  /** Default: the name. */
  readonly type: string | undefined
  readonly values: ReadonlyMap<string, string>
  /** Where it was written, for issues. */
  readonly path: string
}

/** Every setting that a type takes. */
export function settingsOf(type: StoreTypeName): SettingTable {
  return { ...commonSettings, ...storeTypes[type].settings }
}

/** Issue codes: `store_name`, `store_type`, `store_setting`. */
export function parseStoreSettings(given: GivenStore): Parsed<StoreSettings> {
  const { name, path, type = name } = given
  const nameIssues = storeNamePattern.test(name) ? [] : [describeName(given)]
  if (!isStoreTypeName(type)) {
    return { kind: 'issues', issues: [...nameIssues, describeType(path, type)] }
  }
  const table = settingsOf(type)
  const issues = [
    ...nameIssues,
    ...Array.from(given.values).flatMap(([key, value]) =>
      checkSetting({ key, value, path }, table),
    ),
  ]
  if (issues.length > 0) return { kind: 'issues', issues }
  const values = new Map(
    Array.from(given.values, ([key, value]) => [key, spell(table[key], value)] as const),
  )
  return { kind: 'ok', value: { name, type, values } }
}

/** `TYPE key=value …`, as an annotation has it; `'…'` or `"…"` around what holds spaces. Issue codes as `parseStoreSettings`. */
export function parseInlineStore(name: string, text: string, path: string): Parsed<StoreSettings> {
  const words = Array.from(text.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g), ([word]) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'),
  )
  const [first] = words
  const hasType = first !== undefined && !first.includes('=')
  const pairs = hasType ? words.slice(1) : words
  const wrong = pairs.findIndex((word) => word.indexOf('=') < 1)
  if (wrong >= 0) {
    const expected = 'settings as key=value, with spaces between them'
    return { kind: 'issues', issues: [{ code: 'store_setting', path, expected }] }
  }
  const given = pairs.map((word) => splitPair(word))
  const values = new Map(given)
  const [twice] = given.find(([key], at) => given.findIndex(([other]) => other === key) < at) ?? []
  if (twice !== undefined) {
    const issue = { code: 'store_setting', path: `${path}: ${twice}`, expected: 'once' }
    return { kind: 'issues', issues: [issue] }
  }
  return parseStoreSettings({ name, type: hasType ? first : undefined, values, path })
}

/** The setting, else the variable that stands for it; undefined where neither is given. */
export function settingOf(
  { type, values }: StoreSettings,
  key: string,
  environment: Environment = {},
): string | undefined {
  const variable = settingsOf(type)[key]?.variable
  return (
    values.get(key) || (variable === undefined ? undefined : environment[variable] || undefined)
  )
}

/** Of a `flag`; default false. */
export function flagOf(settings: StoreSettings, key: string, environment?: Environment): boolean {
  return settingOf(settings, key, environment)?.toLowerCase() === 'true'
}

/** Of a `list`. */
export function listOf(
  settings: StoreSettings,
  key: string,
  environment?: Environment,
): readonly string[] {
  return splitList(settingOf(settings, key, environment) ?? '')
}

/** Of `pairs`. */
export function pairsOf(
  settings: StoreSettings,
  key: string,
  environment?: Environment,
): ReadonlyMap<string, string> {
  return new Map(listOf(settings, key, environment).map(splitPair))
}

/** Milliseconds of a `duration`. */
export function durationOf(settings: StoreSettings, key: string, defaultMs: number): number {
  const text = settingOf(settings, key)
  if (text === undefined) return defaultMs
  const parsed = parseDuration(text, key)
  return parsed.kind === 'ok' ? parsed.value : defaultMs
}

function splitList(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function splitPair(word: string): readonly [string, string] {
  const at = word.indexOf('=')
  return [word.slice(0, at).trim(), word.slice(at + 1).trim()]
}

interface Given {
  readonly key: string
  readonly value: string
  readonly path: string
}

function checkSetting({ key, value, path }: Given, table: SettingTable): readonly Issue[] {
  const setting = table[key]
  const code = 'store_setting'
  const place = `${path}: ${key}`
  if (setting === undefined || !Object.hasOwn(table, key)) {
    const nearest = findNearest(key, Object.keys(table))
    const hint = nearest === undefined ? {} : { hint: `did you mean ${nearest}?` }
    return [{ code, path: place, expected: `one of ${Object.keys(table).join(', ')}`, ...hint }]
  }
  const expected = expectedOf(setting, value)
  return expected === undefined ? [] : [{ code, path: place, expected }]
}

/** The one spelling of a good value. */
function spell(setting: Setting | undefined, value: string): string {
  return setting?.kind === 'provider' ? (parseWorkloadProvider(value) ?? value) : value
}

/** What is expected where `value` is something else. */
function expectedOf({ kind, values = [] }: Setting, value: string): string | undefined {
  switch (kind) {
    case 'text':
      return value === '' ? 'a text' : undefined
    case 'address':
      return isAddress(value) ? undefined : 'https://HOST, or http:// to this machine'
    case 'path':
      return value.startsWith('/') ? undefined : 'an absolute path'
    case 'flag':
      return /^(?:true|false)$/i.test(value) ? undefined : 'true or false'
    case 'count':
      return /^[1-9]\d{0,8}$/.test(value) ? undefined : 'a whole number above 0'
    case 'duration':
      return parseDuration(value, '').kind === 'ok' ? undefined : 'a duration such as 5m'
    case 'list':
      return undefined
    case 'pairs':
      return splitList(value).every((pair) => pair.indexOf('=') > 0) ? undefined : 'key=value,…'
    case 'choice':
      return values.includes(value) ? undefined : values.join(', ')
    case 'provider':
      return parseWorkloadProvider(value) === undefined
        ? 'projects/N/locations/global/workloadIdentityPools/P/providers/R, alone or after //iam.googleapis.com/'
        : undefined
  }
}

/** Tokens and secrets go there: in the clear to this machine alone. */
function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  if (username !== '' || password !== '') return false
  const isLoopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname)
  return protocol === 'https:' || (protocol === 'http:' && isLoopback)
}

function describeName({ name, path }: GivenStore): Issue {
  const expected =
    'a name of at most 40 lower-case letters, digits and hyphens that begins with a letter'
  return { code: 'store_name', path, expected, got: name.slice(0, 60) }
}

function describeType(path: string, type: string): Issue {
  const nearest = findNearest(type, storeTypeNames)
  const hint = nearest === undefined ? {} : { hint: `did you mean ${nearest}?` }
  return {
    code: 'store_type',
    path,
    expected: `a type: ${storeTypeNames.join(', ')}`,
    got: type.slice(0, 40),
    ...hint,
  }
}
