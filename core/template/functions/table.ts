/** Every template function by name: the one place where the groups come together. */

import { denyingSetting, isDenied, restrictedPolicy, type TemplatePolicy } from '../policy.ts'
import { builtinFunctions } from './builtin.ts'
import { catalogFunctions } from './catalog.ts'
import { collectionFunctions } from './collection.ts'
import { comparisonFunctions } from './comparison.ts'
import { conversionFunctions } from './conversion.ts'
import { debugFunctions } from './debug.ts'
import { encodingFunctions } from './encoding.ts'
import { formattingFunctions } from './formatting.ts'
import { DeniedError, type GoFunction, stringParameter, variadic } from './function.ts'
import { jsonFunctions } from './json.ts'
import { machineFunctions } from './machine.ts'
import { mathFunctions } from './math.ts'
import { regexFunctions } from './regex.ts'
import { scopeFunctions } from './scope.ts'
import { sockaddrFunctions } from './sockaddr.ts'
import { sprigCaseFunctions } from './sprig-case.ts'
import { sprigCertificateFunctions } from './sprig-certificate.ts'
import { sprigCryptoFunctions } from './sprig-crypto.ts'
import { sprigDateFunctions } from './sprig-date.ts'
import { sprigDecimalFunctions } from './sprig-decimal.ts'
import { sprigDefaultsFunctions } from './sprig-defaults.ts'
import { sprigDictFunctions } from './sprig-dict.ts'
import { sprigListFunctions } from './sprig-list.ts'
import { sprigMathFunctions } from './sprig-math.ts'
import { sprigPathFunctions } from './sprig-path.ts'
import { sprigSemverFunctions } from './sprig-semver.ts'
import { sprigStringFunctions } from './sprig-string.ts'
import { sprigUrlFunctions } from './sprig-url.ts'
import { textFunctions } from './text.ts'
import { tomlFunctions } from './toml.ts'
import { vaultFunctions } from './vault.ts'
import { yamlFunctions } from './yaml.ts'

/** Go's own, which no operator can take away. */
const builtins: readonly (readonly GoFunction[])[] = [builtinFunctions, comparisonFunctions]

const groups: readonly (readonly GoFunction[])[] = [
  catalogFunctions,
  debugFunctions,
  machineFunctions,
  regexFunctions,
  sockaddrFunctions,
  sprigCaseFunctions,
  sprigCertificateFunctions,
  sprigCryptoFunctions,
  sprigDateFunctions,
  sprigDecimalFunctions,
  sprigSemverFunctions,
  sprigUrlFunctions,
  collectionFunctions,
  conversionFunctions,
  encodingFunctions,
  formattingFunctions,
  jsonFunctions,
  mathFunctions,
  scopeFunctions,
  sprigDefaultsFunctions,
  sprigDictFunctions,
  sprigListFunctions,
  sprigMathFunctions,
  sprigPathFunctions,
  sprigStringFunctions,
  textFunctions,
  tomlFunctions,
  vaultFunctions,
  yamlFunctions,
]

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

/**
 * Name → function. A template that uses any other name does not parse; one that uses a name which the policy denies parses
 * and fails when the function is called. Source: consul-template's function_denylist.
 */
export function createFunctionTable(policy: TemplatePolicy): ReadonlyMap<string, GoFunction> {
  const own = groups.flat().map((entry) => {
    if (isDenied(policy, entry.name)) return disabled(entry.name)
    const setting = denyingSetting(policy, entry.name)
    return setting === undefined ? entry : denied(entry, setting)
  })
  return new Map(
    [...builtins.flat(), ...own, ...foreign].map((entry) => [entry.name, entry] as const),
  )
}

const foreign = Array.from(foreignFunctions, ([name, system]) =>
  variadic(name, stringParameter, () => {
    throw new DeniedError(`it asks ${system}, and templates here ask secret stores only`)
  }),
)

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
