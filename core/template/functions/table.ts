/** Every template function by name, as a policy lets it be called. */

import { denyingSetting, isDenied, restrictedPolicy, type TemplatePolicy } from '../policy.ts'
import {
  DeniedError,
  type FunctionTable,
  type GoFunction,
  stringParameter,
  variadic,
} from './function.ts'
import { builtinGroups, type FunctionGroup, functionGroups } from './groups.ts'

/** Function → the system it asks, which no template of ours can reach: such a name parses, as for a stock agent, and fails when it is called. */
export const foreignFunctions: ReadonlyMap<string, 'Consul' | 'Nomad'> = new Map([
  ...[
    'caLeaf',
    'caRoots',
    'connect',
    'datacenters',
    'exportedServices',
    'importedServices',
    'key',
    'keyExists',
    'keyOrDefault',
    'ls',
    'node',
    'nodes',
    'partitions',
    'peerings',
    'safeLs',
    'safeTree',
    'service',
    'services',
    'tree',
  ].map((name) => [name, 'Consul'] as const),
  ...[
    'nomadService',
    'nomadServices',
    'nomadVar',
    'nomadVarExists',
    'nomadVarList',
    'nomadVarListSafe',
  ].map((name) => [name, 'Nomad'] as const),
])

/** What an error says of a function that asks a system which is not there; nothing of any other. */
export function explainUnknown(name: string): string {
  const system = foreignFunctions.get(name)
  return system === undefined
    ? ''
    : `: it asks ${system}, and templates here ask secret stores only`
}

function byName(groups: readonly FunctionGroup[]): ReadonlyMap<string, FunctionGroup> {
  return new Map(groups.flatMap((group) => group.names.map((name) => [name, group] as const)))
}

const builtins = byName(builtinGroups)
const own = byName(functionGroups)

/**
 * A template that uses any other name does not parse; one that uses a name which the policy denies parses and fails when the function
 * is called. Source: consul-template's function_denylist.
 */
export function createFunctionTable(policy: TemplatePolicy): FunctionTable {
  const found = new Map<string, GoFunction | undefined>()
  const find = (name: string) => {
    if (builtins.has(name)) return defined(builtins, name)
    if (foreignFunctions.has(name)) return foreign(name)
    const entry = defined(own, name)
    return entry === undefined ? undefined : allowed(entry, policy)
  }
  return {
    get: (name) => {
      if (!found.has(name)) found.set(name, find(name))
      return found.get(name)
    },
    has: (name) => builtins.has(name) || own.has(name) || foreignFunctions.has(name),
    keys: () => [...builtins.keys(), ...own.keys(), ...foreignFunctions.keys()],
  }
}

function defined(groups: ReadonlyMap<string, FunctionGroup>, name: string): GoFunction | undefined {
  return groups
    .get(name)
    ?.functions()
    .find((entry) => entry.name === name)
}

function allowed(entry: GoFunction, policy: TemplatePolicy): GoFunction {
  if (isDenied(policy, entry.name)) return disabled(entry.name)
  const setting = denyingSetting(policy, entry.name)
  return setting === undefined ? entry : denied(entry, setting)
}

function foreign(name: string): GoFunction {
  return variadic(name, stringParameter, () => {
    throw new DeniedError(
      `it asks ${foreignFunctions.get(name)}, and templates here ask secret stores only`,
    )
  })
}

function disabled(name: string): GoFunction {
  return variadic(name, stringParameter, () => {
    throw new DeniedError('function is disabled')
  })
}

function denied(entry: GoFunction, setting: string): GoFunction {
  return {
    ...entry,
    run: () => {
      throw new DeniedError(`the operator does not allow it (template_policy.${setting})`)
    },
  }
}

/** The table of the restricted policy, which most templates are rendered under. */
export const functionTable = createFunctionTable(restrictedPolicy)
