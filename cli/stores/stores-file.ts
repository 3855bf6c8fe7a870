/** A file with stores by name, in the shape of the chart's `injector.stores`. */
import { CORE_SCHEMA, load } from 'js-yaml'
import type { Issue, Parsed } from '../../core/issue.ts'
import { findNearest } from '../../core/nearest.ts'
import { isObject, type PlainObject } from '../../core/plain-object.ts'
import {
  parseInlineStore,
  parseStoreSettings,
  type StoreSettings,
} from '../../core/stores/settings/store-settings.ts'

const members = ['type', 'settings']

/**
 * YAML or JSON: name → `{type, settings}`, or the line that the annotation `store-NAME` takes. Issue codes: `stores_file`, and
 * those of `parseStoreSettings`. The text is never quoted: it may hold what it should not.
 */
export function parseStoresFile(text: string, path: string): Parsed<readonly StoreSettings[]> {
  const root = parseYaml(text)
  if (!isObject(root)) return refuse(path, 'a map of names to stores, as YAML or JSON')
  const parsed = Object.entries(root).map(([name, store]) =>
    parseStore(name, store, `${path}: ${name}`),
  )
  const issues = parsed.flatMap((part) => (part.kind === 'issues' ? part.issues : []))
  if (issues.length > 0) return { kind: 'issues', issues }
  return { kind: 'ok', value: parsed.flatMap((part) => (part.kind === 'ok' ? [part.value] : [])) }
}

function parseStore(name: string, store: unknown, path: string): Parsed<StoreSettings> {
  if (typeof store === 'string') return parseInlineStore(name, store, path)
  if (!isObject(store)) return refuse(path, 'an object with type and settings, or a line of text')
  const unknown = Object.keys(store).filter((key) => !members.includes(key))
  const { type, settings = {} } = store
  const values = isObject(settings) ? readValues(settings) : undefined
  const issues: Issue[] = unknown.map((key) => describeUnknown(key, path))
  if (type !== undefined && typeof type !== 'string') {
    issues.push({ code: 'stores_file', path: `${path}: type`, expected: 'a text' })
  }
  if (values === undefined) {
    const expected = 'a map of settings to texts, numbers, booleans, lists or maps'
    issues.push({ code: 'stores_file', path: `${path}: settings`, expected })
  }
  if (values === undefined || issues.length > 0) return { kind: 'issues', issues }
  return parseStoreSettings({
    name,
    type: typeof type === 'string' ? type : undefined,
    values,
    path,
  })
}

/** Lists and maps in the spelling of one line: `a,b`, `k=v,l=w`. */
function readValues(settings: PlainObject): ReadonlyMap<string, string> | undefined {
  const values = new Map<string, string>()
  for (const [key, value] of Object.entries(settings)) {
    const text = isObject(value)
      ? joinTexts(Object.entries(value).map(([name, member]) => spell(member, `${name}=`)))
      : Array.isArray(value)
        ? joinTexts(value.map((member) => spell(member)))
        : spell(value)
    if (text === undefined) return undefined
    values.set(key, text)
  }
  return values
}

function spell(value: unknown, before = ''): string | undefined {
  const isScalar = ['string', 'number', 'boolean'].includes(typeof value)
  return isScalar ? `${before}${String(value)}` : undefined
}

function joinTexts(texts: readonly (string | undefined)[]): string | undefined {
  return texts.includes(undefined) ? undefined : texts.join(',')
}

function describeUnknown(key: string, path: string): Issue {
  const nearest = findNearest(key, members)
  const hint =
    nearest === undefined ? 'settings of the store go under settings' : `did you mean ${nearest}?`
  return { code: 'stores_file', path: `${path}: ${key}`, expected: members.join(' or '), hint }
}

/** The parser's messages quote the text. */
function parseYaml(text: string): unknown {
  try {
    return load(text, { schema: CORE_SCHEMA })
  } catch {
    return undefined
  }
}

function refuse(path: string, expected: string): Parsed<never> {
  return { kind: 'issues', issues: [{ code: 'stores_file', path, expected }] }
}
