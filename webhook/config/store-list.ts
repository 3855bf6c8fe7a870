/** The operator's list of stores, `-stores`. */
import type { Parsed } from '../../core/issue.ts'
import { parseStoreList } from '../../core/stores/settings/store-list.ts'
import type { StoreSettings } from '../../core/stores/settings/store-settings.ts'
import { findPassword } from '../inject/stores/store-checks.ts'

export type StoreList = ReadonlyMap<string, StoreSettings>

/** `text` is JSON, empty for none; `path` is how messages name the flag. Issue codes: `flag`, and those of `parseStoreList`. */
export function readStoreList(text: string, path: string): Parsed<StoreList> {
  if (text.trim() === '') return { kind: 'ok', value: new Map() }
  const root = readJson(text)
  if (root === undefined) {
    const expected = 'a JSON object such as {"prod": {"type": "aws"}}'
    return { kind: 'issues', issues: [{ code: 'flag', path, expected }] }
  }
  const parsed = parseStoreList(root, path)
  if (parsed.kind === 'issues') return parsed
  const issues = parsed.value.flatMap((store) => {
    const expected = findPassword(store)
    return expected === undefined
      ? []
      : [{ code: 'flag', path: `${path}: ${store.name}`, expected }]
  })
  if (issues.length > 0) return { kind: 'issues', issues }
  return { kind: 'ok', value: new Map(parsed.value.map((store) => [store.name, store])) }
}

/** The parser's messages quote the text. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
