/** The stores beside the pod's own Vault that its agent reads from, and what it needs for that. */
import { storeTypeNames } from '../../../core/stores/settings/store-types.ts'
import type { AnnotationReader } from '../annotations/annotation-reader.ts'
import { annotations } from '../annotations/annotations.ts'
import type { PodView } from '../pod.ts'
import type { Problem } from '../problem.ts'
import type { PodStore, PodStores } from '../stores/pod-store.ts'
import {
  findMissing,
  findPassword,
  findStaticVariables,
  listLocal,
} from '../stores/store-checks.ts'
import { equip, type StoreEquipment } from '../stores/store-equipment.ts'
import { readUses, type StoreUses } from '../stores/store-uses.ts'
import type { Reading } from './reading.ts'
import type { SecretFile } from './secret-file.ts'

export interface StoresSettings extends StoreEquipment {
  /** Those that the pod could use. */
  readonly known: PodStores
  /** In the order of their names. */
  readonly used: readonly PodStore[]
  readonly uses: StoreUses
}

export interface StoresContext {
  readonly pod: PodView
  readonly files: readonly SecretFile[]
  readonly stores: PodStores
  /** Whether the agent's configuration is made of the annotations. */
  readonly generated: boolean
}

const noUses: StoreUses = { references: [], spelled: new Set(), isUnclear: false }

/** Problem codes: `reference`, `store_setting`. */
export function readStores(
  reader: AnnotationReader,
  { pod, files, stores, generated }: StoresContext,
): Reading<StoresSettings> {
  const { references } = stores
  if (references === undefined) {
    const value = { ...equip([]), known: stores, used: [], uses: noUses }
    return { value, problems: [], warnings: describeForeign(files, reader) }
  }
  const describesAny = stores.described.some(({ isNamed }) => isNamed)
  const reading = generated
    ? readUses(files, { stores: references, describesAny }, reader)
    : { uses: { ...noUses, isUnclear: true }, problems: [], warnings: [] }
  const used = listUsed(reading.uses, stores)
  return {
    value: { ...equip(used), known: stores, used, uses: reading.uses },
    problems: [
      ...reading.problems,
      ...listFaults(reading.uses, stores),
      ...used.flatMap((store) => checkStore(store, reading.uses, pod)),
    ],
    warnings: [
      ...reading.warnings,
      ...describeUnused(used, stores),
      ...describeStatic(used, reader),
    ],
  }
}

/** In the order of their names. What only a computed reference may mean comes along if it is complete; what no text shows, if the pod or its namespace describes it. */
function listUsed({ references, spelled, isUnclear }: StoreUses, stores: PodStores) {
  const asked = references.flatMap(({ reference: { store } }) =>
    store === undefined ? [] : [store],
  )
  const found = [...new Set(asked)].flatMap((name) => stores.find(name) ?? [])
  const possible = Array.from(spelled, (name) => stores.find(name)).filter(
    (store) => store !== undefined && findMissing(store.settings).length === 0,
  )
  const own = isUnclear ? stores.described.filter(({ isNamed }) => isNamed) : []
  const all = [...found, ...possible, ...own].flatMap((store) =>
    store === undefined ? [] : [[store.settings.name, store] as const],
  )
  return Array.from(new Map(all).values()).sort((left, right) =>
    left.settings.name < right.settings.name ? -1 : 1,
  )
}

/** A wrong store of the namespace is no matter to a pod that does not use it. */
function listFaults({ references, spelled, isUnclear }: StoreUses, { faults }: PodStores) {
  const asked = new Set(references.map(({ reference }) => reference.store))
  return [...faults].flatMap(([name, problems]) =>
    isUnclear || asked.has(name) || spelled.has(name) ? problems : [],
  )
}

/** Told where the store is described; else where it is asked for. */
function checkStore(store: PodStore, uses: StoreUses, pod: PodView): readonly Problem[] {
  const { settings, path, isNamed } = store
  const asking = uses.references.find(({ reference }) => reference.store === settings.name)?.path
  const place = isNamed ? path : (asking ?? path)
  const hints = [
    ...(place === path ? [] : [`describe it in ${path}`]),
    ...(isNamed && asking !== undefined ? [`${asking} asks for it`] : []),
    ...(store.origin === 'type' && settings.type === 'vault'
      ? ['the pod’s own Vault has no prefix']
      : []),
  ]
  const missing = [...findMissing(settings), ...findMissingRole(settings, pod)]
  const password = findPassword(settings)
  const problems = [
    ...missing.map((setting) => `a store of type ${settings.type} with ${setting}`),
    ...(password === undefined ? [] : [password]),
  ]
  const hint = hints.length === 0 ? {} : { hint: hints.join('; ') }
  return problems.map((expected) => ({ code: 'store_setting', path: place, expected, ...hint }))
}

/** A web identity without a role is that of the app, which only its environment shows. */
function findMissingRole(
  { values }: PodStore['settings'],
  { containers }: PodView,
): readonly string[] {
  if (values.get('identity') !== 'web-identity' || values.has('role_arn')) return []
  const isGiven = containers.some(({ env }) => env.some(({ name }) => name === 'AWS_ROLE_ARN'))
  return isGiven ? [] : ['role_arn']
}

/** What a pod describes and does not ask for; a namespace describes for all of its pods. */
function describeUnused(used: readonly PodStore[], { described }: PodStores): readonly string[] {
  return described
    .filter((store) => store.origin === 'pod' && !used.includes(store))
    .map(
      ({ path, settings: { name } }) => `${path} has no effect: no reference begins with ${name}:`,
    )
}

function describeStatic(used: readonly PodStore[], reader: AnnotationReader): readonly string[] {
  if (used.length === 0) return []
  const patches = [annotations.initJsonPatch, annotations.jsonPatch].flatMap((row) =>
    findStaticVariables(reader.plain(row) ?? '').map(
      (name) =>
        `${reader.spell(row.key)} gives the agent a static key, ${name}; an identity of the pod needs none`,
    ),
  )
  return [
    ...used.flatMap(({ path, settings }) => listLocal(settings).map((text) => `${path}: ${text}`)),
    ...patches,
  ]
}

/** Where the agent reads from Vault alone. */
function describeForeign(
  files: readonly SecretFile[],
  reader: AnnotationReader,
): readonly string[] {
  return files.flatMap(({ name }) => {
    const [, prefix] = foreign.exec(reader.member(annotations.secret, name)?.trim() ?? '') ?? []
    if (prefix === undefined) return []
    const path = reader.spell(annotations.secret.key + name)
    return [
      `${path} is a path of Vault to this agent: only Claviger’s, outside of profile vault-k8s, reads from ${prefix}`,
    ]
  })
}

/** The types but Vault, by their bare names. */
const foreign = new RegExp(`^(${storeTypeNames.filter((name) => name !== 'vault').join('|')}):`)
