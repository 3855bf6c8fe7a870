/** `claviger stores`: which stores the command line knows, and what each type takes. */
import { formatTable } from '../../agent/status-text.ts'
import { formatFlags } from '../../core/go-flags.ts'
import type { Parsed } from '../../core/issue.ts'
import { type StoreSettings, settingsOf } from '../../core/stores/settings/store-settings.ts'
import {
  type StoreType,
  type StoreTypeName,
  storeTypeNames,
  storeTypes,
} from '../../core/stores/settings/store-types.ts'
import { describeChoice } from '../choice.ts'
import type { Terminal } from '../terminal.ts'
import { storeFlags } from './flags.ts'
import type { KnownStores } from './known-stores.ts'
import { createStoreVerb, type GivenCommand, helpFlag } from './store-verb.ts'
import { issuesOf, listOutputs, outputFlags, readOutput } from './words.ts'

const help = `Usage: claviger stores [flags] [NAME]

Lists the stores that references may name: those of -stores and -store, and every type by its own name. With the name of one it prints
the settings of its type, each with the environment variable that stands in for it. Nothing is asked of any store.

Examples:
  claviger stores
  claviger stores aws
  claviger stores -stores=stores.yaml -o json

Flags:
${formatFlags({ ...outputFlags, ...storeFlags, ...helpFlag })}
`

interface Command {
  readonly known: KnownStores
  /** Undefined: the list of all. */
  readonly store: StoreSettings | undefined
  readonly output: (typeof listOutputs)[number]
}

function parse({ flags, words, known }: GivenCommand<typeof outputFlags>): Parsed<Command> {
  const output = readOutput(flags, listOutputs)
  const [first, ...others] = words
  const name = first?.replace(/:$/, '') ?? ''
  const store = known.settings.get(name)
  const issues = [
    ...issuesOf(output),
    ...(first === undefined || store !== undefined
      ? []
      : [describeChoice('stores', name, [...known.settings.keys()])]),
    ...(others.length === 0 ? [] : [{ code: 'usage', path: 'stores', expected: 'one name' }]),
  ]
  if (output.kind === 'issues' || issues.length > 0) return { kind: 'issues', issues }
  return { kind: 'ok', value: { known, store, output: output.value } }
}

const runStores = async (
  { known, store, output }: Command,
  terminal: Terminal,
): Promise<number> => {
  if (store === undefined) {
    const stores = [...known.settings.values()]
    terminal.write(output === 'json' ? toJson(stores.map(listStore)) : formatList(stores, known))
  } else {
    terminal.write(output === 'json' ? toJson(describeStore(store)) : formatStore(store))
  }
  return 0
}

function canOf(type: StoreTypeName): readonly string[] {
  return ['read', ...storeTypes[type].capabilities]
}

function formatList(stores: readonly StoreSettings[], { fallback }: KnownStores): string {
  const rows = stores.map(({ name, type }) => [
    name === fallback ? `${name} (default)` : name,
    type,
    storeTypes[type].title,
    canOf(type).join(' '),
  ])
  const lines = formatTable([['NAME', 'TYPE', 'WHAT IT IS', 'CAN'], ...rows])
  return lines.map((line) => `${line}\n`).join('')
}

function formatStore({ name, type }: StoreSettings): string {
  const { title, version }: StoreType = storeTypes[type]
  const settings = Object.entries(settingsOf(type)).map(([key, row]) => {
    const value = row.values === undefined ? row.kind.toUpperCase() : row.values.join('|')
    const variable = row.variable === undefined ? '' : ` [${row.variable}]`
    return `  ${key}=${value}${variable}\n      ${row.description.replaceAll('`', '')}\n`
  })
  return `${name}: ${title} (type ${type})
  can       ${canOf(type).join(' ')}
  @VERSION  ${version?.description ?? 'none: it keeps no versions'}

Settings, and the variables that stand in for them:
${settings.join('')}`
}

function listStore({ name, type }: StoreSettings) {
  return { name, type, title: storeTypes[type].title, capabilities: canOf(type) }
}

/** Settings as they are configured are left out: some are nobody's business. */
function describeStore(store: StoreSettings) {
  const { version }: StoreType = storeTypes[store.type]
  const settings = Object.entries(settingsOf(store.type)).map(([name, row]) => ({ name, ...row }))
  return { ...listStore(store), version: version?.description ?? null, settings }
}

/** Fields may be added. */
function toJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

export const storesVerb = createStoreVerb({
  help,
  flags: outputFlags,
  words: storeTypeNames,
  parse,
  run: runStores,
})
