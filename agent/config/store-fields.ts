/** The blocks `claviger.stores` and the key `claviger.default_store`: what templates may name besides the pod's own Vault. */
import { JsonNumber, type JsonValue } from '../../core/json.ts'
import { findNearest } from '../../core/nearest.ts'
import {
  parseStoreSettings,
  type StoreSettings,
} from '../../core/stores/settings/store-settings.ts'
import type { Fields } from './fields.ts'

export interface StoresConfig {
  /** By their names. */
  readonly stores: ReadonlyMap<string, StoreSettings>
  /** The store of references without a prefix; undefined: the pod's own Vault. */
  readonly defaultStore: string | undefined
  /** Whether paths of secrets are references. If not they are those of the one Vault, as a stock agent reads them. */
  readonly hasReferences: boolean
}

/** `own` is the block `claviger`, `hasReferences` whether it was written. */
export function readStores(own: Fields, hasReferences: boolean): StoresConfig {
  const block = own.block('stores')
  const given = block.keys().flatMap((name) => readStore(block, name) ?? [])
  const stores = new Map(given.map((store) => [store.name, store]))
  const defaultStore = own.text('default_store') || undefined
  if (defaultStore !== undefined && !stores.has(defaultStore)) {
    const nearest = findNearest(defaultStore, stores.keys())
    const hint = nearest === undefined ? {} : { hint: `did you mean ${nearest}?` }
    own.report('default_store', 'the name of one of the stores', { got: defaultStore, ...hint })
  }
  return { stores, defaultStore, hasReferences }
}

/** Undefined for one that is wrong, which is reported. */
function readStore(block: Fields, name: string): StoreSettings | undefined {
  const fields = block.block(name)
  const keys = fields.keys().filter((key) => key !== 'type' && fields.has(key))
  const values = new Map(keys.map((key) => [key, readSetting(fields, key)]))
  const type = fields.text('type') || undefined
  const parsed = parseStoreSettings({ name, type, values, path: '' })
  if (parsed.kind === 'ok') return parsed.value
  for (const { code, path, expected, got, hint } of parsed.issues) {
    const details = {
      ...(got === undefined ? {} : { got }),
      ...(hint === undefined ? {} : { hint }),
    }
    if (code === 'store_name') block.report(name, expected, details)
    else fields.report(code === 'store_type' ? 'type' : path.replace(/^: /, ''), expected, details)
  }
  return undefined
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
