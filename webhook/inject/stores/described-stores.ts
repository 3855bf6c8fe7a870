/** The stores that a pod may name: its own annotations, else its namespace's, else the operator's list, else a type by its bare name. */
import type { Issue, Parsed } from '../../../core/issue.ts'
import { bareStores } from '../../../core/stores/settings/bare-stores.ts'
import { toReferenceStores } from '../../../core/stores/settings/reference-stores.ts'
import {
  parseInlineStore,
  type StoreSettings,
} from '../../../core/stores/settings/store-settings.ts'
import { isStoreTypeName } from '../../../core/stores/settings/store-types.ts'
import type { AnnotationReader } from '../annotations/annotation-reader.ts'
import { annotations } from '../annotations/annotations.ts'
import type { Flavour } from '../annotations/container-annotations.ts'
import type { Inherited } from '../annotations/inherited.ts'
import type { Problem } from '../problem.ts'
import type { WebhookDefaults } from '../profiles.ts'
import type { Reading } from '../settings/reading.ts'
import type { PodStore, PodStores, StoreOrigin } from './pod-store.ts'

export interface StoreSources {
  readonly defaults: Pick<WebhookDefaults, 'profile' | 'stores'>
  readonly flavour: Flavour
  /** What the namespace gives, by key. */
  readonly inherited: ReadonlyMap<string, Inherited>
}

/** One place that describes a store. */
interface Layer {
  readonly settings: StoreSettings
  readonly origin: StoreOrigin
}

/** Problem codes: `store_name`, `store_type`, `store_setting`. */
export function readDescribedStores(
  reader: AnnotationReader,
  sources: StoreSources,
): Reading<PodStores> {
  const { profile, stores: listed = new Map<string, StoreSettings>() } = sources.defaults
  const isRead = sources.flavour === 'claviger' && !profile.lenient
  if (!isRead) return { value: noStores, problems: [], warnings: [] }
  const names = [...new Set([...listed.keys(), ...reader.names(annotations.store)])].sort()
  const read = names.map((name) => readStore(name, reader, sources))
  const faults = new Map(read.map(({ name, faults: own }) => [name, own]))
  const found = new Map(
    read.flatMap(({ name, store }) => (store === undefined ? [] : [[name, store] as const])),
  )
  return {
    value: createStores(found, faults, reader),
    problems: read.flatMap(({ problems }) => problems),
    warnings: [],
  }
}

const noStores: PodStores = {
  references: undefined,
  signature: '',
  described: [],
  faults: new Map(),
  find: () => undefined,
}

interface ReadStore {
  readonly name: string
  readonly store: PodStore | undefined
  /** Of the pod's own annotation. */
  readonly problems: readonly Problem[]
  /** Of its namespace's. */
  readonly faults: readonly Problem[]
}

function readStore(name: string, reader: AnnotationReader, sources: StoreSources): ReadStore {
  const layers = readLayers(name, reader, sources)
  const good = layers.flatMap(({ parsed, origin }) =>
    parsed.kind === 'ok' ? [{ settings: parsed.value, origin }] : [],
  )
  const problemsOf = (wanted: StoreOrigin) =>
    layers.flatMap(({ parsed, origin, path }) =>
      parsed.kind === 'ok' || origin !== wanted
        ? []
        : parsed.issues.map((issue) => describe(issue, path)),
    )
  return {
    name,
    store: merge(good, reader.spell(annotations.store.key + name)),
    problems: problemsOf('pod'),
    faults: problemsOf('namespace'),
  }
}

interface ReadLayer {
  readonly parsed: Parsed<StoreSettings>
  readonly origin: StoreOrigin
  readonly path: string
}

/** The nearest first. */
function readLayers(
  name: string,
  reader: AnnotationReader,
  { inherited, defaults: { stores } }: StoreSources,
): readonly ReadLayer[] {
  const key = annotations.store.key + name
  const own = reader.member(annotations.store, name)
  const given = inherited.get(key)
  const path = reader.spell(key)
  const listed = stores?.get(name)
  const parse = (text: string, origin: StoreOrigin, where: string): ReadLayer => ({
    parsed: parseInlineStore(name, text, where),
    origin,
    path: where,
  })
  return [
    ...(own === undefined || path === given?.path ? [] : [parse(own, 'pod', path)]),
    ...(given === undefined || given.text.trim() === ''
      ? []
      : [parse(given.text, 'namespace', given.path)]),
    ...(listed === undefined
      ? []
      : [{ parsed: { kind: 'ok' as const, value: listed }, origin: 'operator' as const, path }]),
  ]
}

/** Key by key, as far as the types agree; a layer that only names the type says nothing of its own. */
function merge(layers: readonly Layer[], path: string): PodStore | undefined {
  const [first] = layers
  if (first === undefined) return undefined
  const { name, type } = first.settings
  const other = layers.findIndex(({ settings }) => settings.type !== type)
  const same = other < 0 ? layers : layers.slice(0, other)
  const collect = (parts: readonly Layer[]) =>
    new Map(parts.toReversed().flatMap(({ settings }) => [...settings.values]))
  const speaker = same.find(({ settings }) => settings.values.size > 0) ?? same.at(-1) ?? first
  return {
    settings: { name, type, values: collect(same) },
    origin: speaker.origin,
    isNamed: same.some(({ origin }) => origin !== 'operator'),
    path,
    given: collect(same.filter(({ origin }) => origin !== 'operator')),
  }
}

/** Of most pods. */
const bareReferences = toReferenceStores({ types: bareStores })

/** The names of `faults` are all that somebody describes. */
function createStores(
  found: ReadonlyMap<string, PodStore>,
  faults: PodStores['faults'],
  reader: AnnotationReader,
): PodStores {
  const find = (name: string): PodStore | undefined => {
    const store = found.get(name)
    if (store !== undefined || !isStoreTypeName(name)) return store
    const values = new Map<string, string>()
    const path = reader.spell(annotations.store.key + name)
    const settings = { name, type: name, values }
    return { settings, origin: 'type', isNamed: false, path, given: values }
  }
  // One of which nothing is known but faults has no versions.
  const described = Array.from(
    faults.keys(),
    (name) => [name, find(name)?.settings.type ?? 'file'] as const,
  )
  return {
    references:
      described.length === 0
        ? bareReferences
        : toReferenceStores({ types: new Map([...bareStores, ...described]) }),
    signature: described.join(),
    described: [...found.values()],
    faults,
    find,
  }
}

/** The issue names a setting behind its place; the problem is the annotation's. A word that is no name may be anything, a secret for one. */
function describe({ path: place, ...issue }: Issue, path: string): Problem {
  const setting = place.slice(path.length).replace(/^: /, '')
  if (setting === '') return { ...issue, path }
  if (!issue.expected.startsWith('one of ')) {
    return { ...issue, path, expected: `${setting}=…, ${issue.expected}` }
  }
  const got = /^[a-z_]{1,32}$/i.test(setting) ? { got: setting } : {}
  return { ...issue, path, expected: `settings out of ${issue.expected.slice(7)}`, ...got }
}
