/** Which stores a command line knows: those of files, flags and presets, and every type by its own name. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { toAppError } from '../../core/errors.ts'
import type { FlagValues } from '../../core/go-flags.ts'
import type { Issue, Parsed } from '../../core/issue.ts'
import { findNearest } from '../../core/nearest.ts'
import type { ReferenceStores } from '../../core/reference.ts'
import { toReferenceStores } from '../../core/stores/settings/reference-stores.ts'
import { parseInlineStore, type StoreSettings } from '../../core/stores/settings/store-settings.ts'
import { storeTypeNames } from '../../core/stores/settings/store-types.ts'
import { describeChoice } from '../choice.ts'
import { type ClusterChoice, readClusterFlags } from '../cluster/flags.ts'
import type { Terminal } from '../terminal.ts'
import type { storeFlags } from './flags.ts'
import { parseStoresFile } from './stores-file.ts'

export interface KnownStores {
  /** By name: what was configured first, then the types. */
  readonly settings: ReadonlyMap<string, StoreSettings>
  /** The name of the store of references without a prefix. */
  readonly fallback: string
  readonly references: ReferenceStores
  /** Where stores of type k8s are that do not say it themselves. */
  readonly cluster: ClusterChoice
}

/** Issue codes: `flag`, and those of the files and settings. Throws `input_invalid` for a file that cannot be read. */
export function readKnownStores(
  flags: FlagValues<typeof storeFlags>,
  { variables, directory }: Pick<Terminal, 'variables' | 'directory'>,
): Parsed<KnownStores> {
  const sources = [...(flags.store ?? []).map(parseStoreFlag), readFile(flags.stores, directory)]
  const preset = readPreset(flags.preset, variables)
  const cluster = readClusterFlags(flags)
  const issues = [...sources, preset, cluster].flatMap((part) =>
    part.kind === 'issues' ? part.issues : [],
  )
  if (preset.kind === 'issues' || cluster.kind === 'issues' || issues.length > 0) {
    return { kind: 'issues', issues }
  }
  const configured = [
    ...sources.flatMap((part) => (part.kind === 'ok' ? part.value : [])),
    ...preset.value,
    ...storeTypeNames.map((type) => ({ name: type, type, values: new Map() })),
  ]
  const settings = new Map<string, StoreSettings>()
  for (const store of configured) if (!settings.has(store.name)) settings.set(store.name, store)
  const fallback = flags['default-store'] ?? preset.value[0]?.name ?? 'vault'
  if (!settings.has(fallback)) return refuseDefault(fallback, settings)
  const types = new Map(Array.from(settings, ([name, { type }]) => [name, type] as const))
  const references = toReferenceStores({ types, fallback })
  return { kind: 'ok', value: { settings, fallback, references, cluster: cluster.value } }
}

function parseStoreFlag(text: string): Parsed<readonly StoreSettings[]> {
  const at = text.indexOf('=')
  const name = text.slice(0, at).trim()
  if (at < 1 || /\s/.test(name)) {
    const expected = 'NAME=TYPE, or NAME="TYPE key=value …"'
    return { kind: 'issues', issues: [{ code: 'flag', path: '-store', expected }] }
  }
  const parsed = parseInlineStore(name, text.slice(at + 1), `-store ${name}`)
  return parsed.kind === 'issues' ? parsed : { kind: 'ok', value: [parsed.value] }
}

function readFile(path: string | undefined, directory: string): Parsed<readonly StoreSettings[]> {
  if (path === undefined) return { kind: 'ok', value: [] }
  try {
    return parseStoresFile(readFileSync(resolve(directory, path), 'utf8'), path)
  } catch (thrown) {
    throw toAppError(thrown, 'input_invalid', { path })
  }
}

function refuseDefault(
  given: string,
  known: ReadonlyMap<string, StoreSettings>,
): Parsed<KnownStores> {
  const nearest = findNearest(given, known.keys())
  const issue: Issue = {
    code: 'flag',
    path: '-default-store',
    expected: `the name of a store: ${[...known.keys()].join(', ')}`,
    ...(nearest === undefined ? {} : { hint: `did you mean ${nearest}?` }),
  }
  return { kind: 'issues', issues: [issue] }
}

const presets = ['keep'] as const

function readPreset(
  given: string | undefined,
  _variables: Terminal['variables'],
): Parsed<readonly StoreSettings[]> {
  if (given !== undefined && !presets.some((name) => name === given)) {
    return { kind: 'issues', issues: [describeChoice('-preset', given, presets)] }
  }
  return { kind: 'ok', value: [] }
}
