/** Which stores a command line knows: those of files, flags and presets, and every type by its own name. */
import type { FlagValues } from '../../core/go-flags.ts'
import type { Issue, Parsed } from '../../core/issue.ts'
import { findNearest } from '../../core/nearest.ts'
import type { ReferenceStores } from '../../core/reference.ts'
import { readKeepPreset } from '../../core/stores/preset/keep-preset.ts'
import { toReferenceStores } from '../../core/stores/settings/reference-stores.ts'
import { parseStoreList } from '../../core/stores/settings/store-list.ts'
import { parseInlineStore, type StoreSettings } from '../../core/stores/settings/store-settings.ts'
import { storeTypeNames } from '../../core/stores/settings/store-types.ts'
import { describeChoice } from '../choice.ts'
import { type ClusterChoice, readClusterFlags } from '../cluster/flags.ts'
import { readStoreListText } from '../store-list-file.ts'
import type { Terminal } from '../terminal.ts'
import type { storeFlags } from './flags.ts'

export interface KnownStores {
  /** What flags, files and presets describe; the first of a name counts. */
  readonly configured: readonly StoreSettings[]
  /** By name: what is configured, then the types. */
  readonly settings: ReadonlyMap<string, StoreSettings>
  /** The name of the store of references without a prefix. */
  readonly fallback: string
  readonly references: ReferenceStores
  /** Where stores of type k8s are that do not say it themselves. */
  readonly cluster: ClusterChoice
}

/** Issue codes: `flag`, and those of the list and its settings. */
export function readKnownStores(
  flags: FlagValues<typeof storeFlags>,
  { variables, directory }: Pick<Terminal, 'variables' | 'directory'>,
): Parsed<KnownStores> {
  const sources = [parseStoreFlags(flags.store ?? []), readFile(flags.stores, directory)]
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
  ]
  const fallback = flags['default-store'] ?? preset.value[0]?.name ?? 'vault'
  const known = createKnownStores({ configured, fallback, cluster: cluster.value })
  return known.settings.has(fallback)
    ? { kind: 'ok', value: known }
    : refuseDefault(fallback, known.settings)
}

/** Every type is known by its own name too. */
export function createKnownStores(
  given: Pick<KnownStores, 'configured' | 'fallback' | 'cluster'>,
): KnownStores {
  const bare = storeTypeNames.map((type) => ({ name: type, type, values: new Map() }))
  const settings = new Map<string, StoreSettings>()
  for (const store of [...given.configured, ...bare]) {
    if (!settings.has(store.name)) settings.set(store.name, store)
  }
  const types = new Map(Array.from(settings, ([name, { type }]) => [name, type] as const))
  return { ...given, settings, references: toReferenceStores({ types, fallback: given.fallback }) }
}

/** A name once: one of two would count for nothing. */
function parseStoreFlags(texts: readonly string[]): Parsed<readonly StoreSettings[]> {
  const stores = new Map<string, StoreSettings>()
  const issues = texts.flatMap((text): readonly Issue[] => {
    const parsed = parseStoreFlag(text)
    if (parsed.kind === 'issues') return parsed.issues
    const { name } = parsed.value
    if (stores.has(name)) {
      return [{ code: 'flag', path: `-store ${name}`, expected: 'each name once' }]
    }
    stores.set(name, parsed.value)
    return []
  })
  return issues.length > 0
    ? { kind: 'issues', issues }
    : { kind: 'ok', value: [...stores.values()] }
}

/** `NAME=LINE`, or a type by its own name. */
function parseStoreFlag(text: string): Parsed<StoreSettings> {
  const [, name = '', line = ''] = /^([^=]*)(?:=(.*))?$/s.exec(text) ?? []
  if (name === '' || /\s/.test(name)) {
    const expected = 'NAME=TYPE, or NAME="TYPE key=value …"'
    return { kind: 'issues', issues: [{ code: 'flag', path: '-store', expected }] }
  }
  return parseInlineStore(name, line, `-store ${name}`)
}

function readFile(path: string | undefined, directory: string): Parsed<readonly StoreSettings[]> {
  if (path === undefined) return { kind: 'ok', value: [] }
  const text = readStoreListText(path, directory)
  return text.kind === 'issues' ? text : parseStoreList(JSON.parse(text.value || '{}'), '-stores')
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

/** Where somebody set the type of Keep HQ's secret manager, or says that there would be one: its own default is FILE. */
function readPreset(
  given: string | undefined,
  variables: Terminal['variables'],
): Parsed<readonly StoreSettings[]> {
  if (given !== undefined && !presets.some((name) => name === given)) {
    return { kind: 'issues', issues: [describeChoice('-preset', given, presets)] }
  }
  const unset = given === undefined ? {} : { SECRET_MANAGER_TYPE: 'FILE' }
  const preset = readKeepPreset({ ...unset, ...variables })
  if (preset?.kind === 'issues') return preset
  return { kind: 'ok', value: preset === undefined ? [] : [preset.value] }
}
