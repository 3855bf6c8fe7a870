/** The flags that say which stores there are. */
import type { FlagTable } from '../../core/go-flags.ts'
import { storeTypeNames } from '../../core/stores/settings/store-types.ts'
import { connectionFlags } from '../cluster/flags.ts'

const listFlags = {
  stores: {
    kind: 'text',
    argument: 'FILE',
    variable: 'CLAVIGER_STORES',
    help: 'YAML or JSON with stores by name, each {type, settings} or a line "TYPE key=value …"',
  },
  store: {
    kind: 'list',
    argument: 'NAME=LINE',
    help: 'a store by name, LINE as in --stores, or a type alone; may be repeated with other names, and goes before --stores',
  },
} as const satisfies FlagTable

/** For verbs whose references without a prefix are the pod's own Vault's. */
export const liveFlags = { ...listFlags, ...connectionFlags } as const satisfies FlagTable

/** For verbs that are about secrets of any store. */
export const storeFlags = {
  ...listFlags,
  'default-store': {
    kind: 'text',
    argument: 'NAME',
    variable: 'CLAVIGER_DEFAULT_STORE',
    help: 'the store of references without a prefix; default that of a preset, else vault',
  },
  preset: {
    kind: 'text',
    argument: 'keep',
    help: 'the store of Keep HQ’s environment variables, FILE without SECRET_MANAGER_TYPE; with that variable the default',
  },
  ...connectionFlags,
  namespace: {
    kind: 'text',
    argument: 'NAME',
    help: 'namespace of stores of type k8s that have no setting of their own; default that of the context',
  },
  n: { kind: 'text', argument: 'NAME', help: 'the same as -namespace' },
} as const satisfies FlagTable

/** What completion offers where a reference begins. */
export const referenceWords: readonly string[] = storeTypeNames.map((name) => `${name}:`)

/** What `--help` says of references, in every verb that takes them. */
export const referenceHelp = `A reference is [STORE:]PATH[#PROPERTY][@VERSION][?], as in annotations and templates. STORE is the name of a store of --stores or --store, or
a type by itself: vault, aws, ssm, gcp, azure, k8s, file, db, with the environment that its own tools use. \`claviger stores\` lists them
and what they take.`
