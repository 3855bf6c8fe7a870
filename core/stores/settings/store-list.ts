/** Several stores by name, as the chart's `injector.stores`, the webhook's `-stores` and files of the command line have them. */
import type { Issue, Parsed } from '../../issue.ts'
import { findNearest } from '../../nearest.ts'
import { isObject } from '../../plain-object.ts'
import { parseInlineStore, parseStoreSettings, type StoreSettings } from './store-settings.ts'

const members = ['type', 'settings']

/**
 * Decoded JSON or YAML: name → `{type, settings}`, or the line that the annotation `store-NAME` takes. Issue codes: `store_list`, and
 * those of `parseStoreSettings`. No issue repeats a value: it may be what it should not.
 */
export function parseStoreList(root: unknown, path: string): Parsed<readonly StoreSettings[]> {
  if (!isObject(root)) return refuse(path, 'a map of names to stores')
  const parsed = Object.entries(root).map(([name, store]) =>
    parseStore(name, store, `${path}: ${name.slice(0, 40)}`),
  )
  const issues = parsed.flatMap((part) => (part.kind === 'issues' ? part.issues : []))
  if (issues.length > 0) return { kind: 'issues', issues }
  return { kind: 'ok', value: parsed.flatMap((part) => (part.kind === 'ok' ? [part.value] : [])) }
}

function parseStore(name: string, store: unknown, path: string): Parsed<StoreSettings> {
  if (typeof store === 'string') return parseInlineStore(name, store, path)
  if (!isObject(store)) return refuse(path, 'an object with type and settings, or a line of text')
  const { type, settings = {} } = store
  const values = isObject(settings) ? readValues(settings) : undefined
  const issues = [
    ...Object.keys(store).flatMap((key) => (members.includes(key) ? [] : [describe(key, path)])),
    ...(type === undefined || typeof type === 'string' ? [] : [wrong(`${path}: type`, 'a text')]),
    ...(values === undefined
      ? [wrong(`${path}: settings`, 'a map to texts, numbers, booleans, lists or maps')]
      : []),
  ]
  if (values === undefined || issues.length > 0) return { kind: 'issues', issues }
  const known = typeof type === 'string' ? type : undefined
  return parseStoreSettings({ name, type: known, values, path })
}

/** Lists and maps in the spelling of one line: `a,b`, `k=v,l=w`. */
function readValues(settings: object): ReadonlyMap<string, string> | undefined {
  const values = new Map<string, string>()
  for (const [key, value] of Object.entries(settings)) {
    const text = spell(value)
    if (text === undefined) return undefined
    values.set(key, text)
  }
  return values
}

function spell(value: unknown): string | undefined {
  if (Array.isArray(value)) return join(value.map((member) => spellScalar(member)))
  if (!isObject(value)) return spellScalar(value)
  return join(Object.entries(value).map(([key, member]) => spellScalar(member, `${key}=`)))
}

function spellScalar(value: unknown, before = ''): string | undefined {
  const isScalar = ['string', 'number', 'boolean'].includes(typeof value)
  return isScalar ? `${before}${String(value)}` : undefined
}

function join(texts: readonly (string | undefined)[]): string | undefined {
  return texts.includes(undefined) ? undefined : texts.join(',')
}

function describe(key: string, path: string): Issue {
  const nearest = findNearest(key, members)
  const hint =
    nearest === undefined ? 'settings of the store go under settings' : `did you mean ${nearest}?`
  return { ...wrong(`${path}: ${key.slice(0, 40)}`, members.join(' or ')), hint }
}

function wrong(path: string, expected: string): Issue {
  return { code: 'store_list', path, expected }
}

function refuse(path: string, expected: string): Parsed<never> {
  return { kind: 'issues', issues: [wrong(path, expected)] }
}
