/** Every template function described; a test holds it to the table of functions. Nothing that renders needs it. */
import { clavigerEntries } from './claviger.ts'
import { consulTemplateEntries } from './consul-template.ts'
import type { FunctionEntry } from './entry.ts'
import { goEntries } from './go.ts'
import { sprigCollectionsEntries } from './sprig-collections.ts'
import { sprigDefaultsEntries } from './sprig-defaults.ts'
import { sprigNumbersEntries } from './sprig-numbers.ts'
import { sprigOtherEntries } from './sprig-other.ts'
import { sprigTextEntries } from './sprig-text.ts'

/** Name → description, Go's own first. */
export const functionReference: ReadonlyMap<string, FunctionEntry> = new Map(
  [
    goEntries,
    consulTemplateEntries,
    clavigerEntries,
    sprigDefaultsEntries,
    sprigTextEntries,
    sprigCollectionsEntries,
    sprigNumbersEntries,
    sprigOtherEntries,
  ]
    .flat()
    .map((entry) => [entry.name, entry] as const),
)
