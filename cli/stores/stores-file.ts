/** A file with stores by name. */
import { CORE_SCHEMA, load } from 'js-yaml'
import type { Parsed } from '../../core/issue.ts'
import { parseStoreList } from '../../core/stores/settings/store-list.ts'
import type { StoreSettings } from '../../core/stores/settings/store-settings.ts'

/** YAML or JSON. Issue codes: those of `parseStoreList`. The text is never quoted: it may hold what it should not. */
export function parseStoresFile(text: string, path: string): Parsed<readonly StoreSettings[]> {
  return parseStoreList(parseYaml(text), path)
}

/** The parser's messages quote the text. */
function parseYaml(text: string): unknown {
  try {
    return load(text, { schema: CORE_SCHEMA })
  } catch {
    return undefined
  }
}
