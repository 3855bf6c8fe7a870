/** Functions that show values; what the printing ones print is dropped, an agent has nobody to show it to. Source: consul-template's spew functions. */
import { sprintf } from '../printf.ts'
import { dumpValues, spewArgument } from '../spew.ts'
import {
  anyParameter,
  type GoFunction,
  stringParameter,
  variadic,
  variadicAfter,
} from './function.ts'

const formatAndValues = [stringParameter, anyParameter] as const

export const debugFunctions: readonly GoFunction[] = [
  variadic('spew_sdump', anyParameter, dumpValues),
  variadicAfter('spew_sprintf', formatAndValues, (format, values) =>
    sprintf(format, values, spewArgument),
  ),
  variadic('spew_dump', anyParameter, () => ''),
  variadicAfter('spew_printf', formatAndValues, () => ''),
]
