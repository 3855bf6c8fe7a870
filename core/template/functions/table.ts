/** Every template function by name: the one place where the groups come together. */
import { builtinFunctions } from './builtin.ts'
import { collectionFunctions } from './collection.ts'
import { comparisonFunctions } from './comparison.ts'
import { conversionFunctions } from './conversion.ts'
import { encodingFunctions } from './encoding.ts'
import { FunctionError, type GoFunction, stringParameter, variadic } from './function.ts'
import { jsonFunctions } from './json.ts'
import { mathFunctions } from './math.ts'
import { scopeFunctions } from './scope.ts'
import { sprigDefaultsFunctions } from './sprig-defaults.ts'
import { sprigDictFunctions } from './sprig-dict.ts'
import { sprigListFunctions } from './sprig-list.ts'
import { sprigMathFunctions } from './sprig-math.ts'
import { sprigPathFunctions } from './sprig-path.ts'
import { sprigStringFunctions } from './sprig-string.ts'
import { textFunctions } from './text.ts'
import { tomlFunctions } from './toml.ts'
import { vaultFunctions } from './vault.ts'
import { yamlFunctions } from './yaml.ts'

/** Go's own, which no operator can take away. */
const builtins: readonly (readonly GoFunction[])[] = [builtinFunctions, comparisonFunctions]

const groups: readonly (readonly GoFunction[])[] = [
  collectionFunctions,
  conversionFunctions,
  encodingFunctions,
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

/**
 * Name → function. A template that uses any other name does not parse; one that uses a name matching a glob of `denied`
 * parses and fails when the function is called. Source: consul-template's function_denylist.
 */
export function createFunctionTable(denied: readonly string[]): ReadonlyMap<string, GoFunction> {
  const patterns = denied.map(toPattern)
  const own = groups.flat().map((entry) => {
    const isDenied = patterns.some((pattern) => pattern.test(entry.name))
    return isDenied ? disabled(entry.name) : entry
  })
  return new Map([...builtins.flat(), ...own].map((entry) => [entry.name, entry] as const))
}

function toPattern(glob: string): RegExp {
  const escaped = glob.split('*').map((part) => part.replace(/[^\w]/g, '\\$&'))
  return new RegExp(`^${escaped.join('.*')}$`)
}

function disabled(name: string): GoFunction {
  return variadic(name, stringParameter, () => {
    throw new FunctionError('function is disabled')
  })
}

/** The table where nothing is denied. */
export const functionTable = createFunctionTable([])
