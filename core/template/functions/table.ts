/** Every template function by name: the one place where the groups come together. */
import { builtinFunctions } from './builtin.ts'
import { comparisonFunctions } from './comparison.ts'
import { conversionFunctions } from './conversion.ts'
import { encodingFunctions } from './encoding.ts'
import type { GoFunction } from './function.ts'
import { jsonFunctions } from './json.ts'
import { scopeFunctions } from './scope.ts'
import { textFunctions } from './text.ts'
import { vaultFunctions } from './vault.ts'

const groups: readonly (readonly GoFunction[])[] = [
  builtinFunctions,
  comparisonFunctions,
  conversionFunctions,
  encodingFunctions,
  jsonFunctions,
  scopeFunctions,
  textFunctions,
  vaultFunctions,
]

/** Name → function. A template that uses any other name does not parse. */
export const functionTable: ReadonlyMap<string, GoFunction> = new Map(
  groups.flat().map((entry) => [entry.name, entry] as const),
)
