/** What Handlebars templates may call: the block helpers of the language and functions of the common table. */
import { encodingFunctions } from '../functions/encoding.ts'
import { formattingFunctions } from '../functions/formatting.ts'
import type { GoFunction } from '../functions/function.ts'
import { jsonFunctions } from '../functions/json.ts'
import { textFunctions } from '../functions/text.ts'
import { tomlFunctions } from '../functions/toml.ts'
import { yamlFunctions } from '../functions/yaml.ts'

/** Functions of values alone, by name. What looks at the environment, files or the network is not among them. */
export const helperFunctions: ReadonlyMap<string, GoFunction> = new Map(
  [
    formattingFunctions,
    jsonFunctions,
    yamlFunctions,
    tomlFunctions,
    encodingFunctions,
    textFunctions,
  ]
    .flat()
    .map((entry) => [entry.name, entry] as const),
)

/** Calls that the evaluator answers itself. */
export const ownCalls = ['lookup', 'secret'] as const

/** Block → the named arguments it takes; undefined for any. */
export const blockHelpers: ReadonlyMap<string, readonly string[] | undefined> = new Map([
  ['if', ['includeZero']],
  ['unless', ['includeZero']],
  ['each', []],
  ['with', []],
  ['secret', undefined],
  ['raw', []],
])
