/** `claviger.stores` and `claviger.default_store`, and the environment of Keep HQ: what templates may name besides the pod's own Vault. */
import type { Issue } from '../../core/issue.ts'
import { JsonNumber, type JsonValue } from '../../core/json.ts'
import { findNearest } from '../../core/nearest.ts'
import { readKeepPreset } from '../../core/stores/preset/keep-preset.ts'
import {
  parseStoreSettings,
  type StoreSettings,
} from '../../core/stores/settings/store-settings.ts'
import type { Fields } from './fields.ts'
import type { Environment } from './settings.ts'

export interface StoresConfig {
  /** By their names. */
  readonly stores: ReadonlyMap<string, StoreSettings>
  /** The store of references without a prefix; undefined: the pod's own Vault. */
  readonly defaultStore: string | undefined
  /** Whether paths of secrets are references. If not they are those of the one Vault, as a stock agent reads them. */
  readonly hasReferences: boolean
}

/** The store of Keep HQ's environment is the default one, unless the configuration names another or logs in to a Vault. */
export function readStores(root: Fields, environment: Environment): StoresConfig {
  const own = root.block('claviger')
  const block = own.block('stores')
  const preset = readPreset(root, environment)
  const given = block.keys().flatMap((name) => readStore(block, name) ?? [])
  const all = preset === undefined ? given : [preset, ...given]
  const stores = new Map(all.map((store) => [store.name, store]))
  const named = own.text('default_store') || undefined
  if (named !== undefined && !stores.has(named)) {
    const nearest = findNearest(named, stores.keys())
    const hint = nearest === undefined ? undefined : `did you mean ${nearest}?`
    own.report('default_store', 'the name of one of the stores', detailsOf({ hint }))
  }
  return {
    stores,
    defaultStore: named ?? (root.has('auto_auth') ? undefined : preset?.name),
    hasReferences: root.has('claviger') || preset !== undefined,
  }
}

/** Undefined without that environment, and where it is wrong, which is reported. */
function readPreset(root: Fields, environment: Environment): StoreSettings | undefined {
  const preset = readKeepPreset(environment)
  if (preset === undefined) return undefined
  if (preset.kind === 'ok') return preset.value
  for (const issue of preset.issues) root.report(issue.path, issue.expected, detailsOf(issue))
  return undefined
}

/** Undefined for one that is wrong, which is reported. */
function readStore(block: Fields, name: string): StoreSettings | undefined {
  const fields = block.block(name)
  const keys = fields.keys().filter((key) => key !== 'type' && fields.has(key))
  const values = new Map(keys.map((key) => [key, readSetting(fields, key)]))
  const type = fields.text('type') || undefined
  const parsed = parseStoreSettings({ name, type, values, path: '' })
  if (parsed.kind === 'ok') return parsed.value
  for (const issue of parsed.issues) {
    const { code, path, expected } = issue
    if (code === 'store_name') block.report(name, expected, detailsOf(issue))
    else {
      const key = code === 'store_type' ? 'type' : path.replace(/^: /, '')
      fields.report(key, expected, detailsOf(issue))
    }
  }
  return undefined
}

interface Given {
  readonly got?: string | undefined
  readonly hint?: string | undefined
}

function detailsOf({ got, hint }: Given): Pick<Issue, 'got' | 'hint'> {
  return {
    ...(got === undefined ? {} : { got }),
    ...(hint === undefined ? {} : { hint }),
  }
}

/** Lists are written as lists, or with commas. */
function readSetting(fields: Fields, key: string): string {
  return fields.parsed(key, 'a text, a number, true, false or a list of texts', toText) ?? ''
}

function toText(value: JsonValue): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return String(value)
  if (value instanceof JsonNumber) return value.text
  if (!Array.isArray(value)) return undefined
  const texts = value.flatMap((item) => (typeof item === 'string' ? [item] : []))
  return texts.length === value.length ? texts.join(',') : undefined
}
