/** sprig's dictionaries. Source: sprig's dict.go. */
import { sprint } from '../printer.ts'
import { anyMap, type Value } from '../values.ts'
import { anyParameter, type GoFunction, variadic } from './function.ts'

export const sprigDictFunctions: readonly GoFunction[] = [
  variadic('sprig_dict', anyParameter, toDictionary),
]

/** Keys and values in turn; a last key without a value gets an empty text. */
function toDictionary(words: readonly Value[]): Value {
  const entries = new Map<string, Value>()
  for (let at = 0; at < words.length; at += 2) {
    entries.set(sprint([words[at]]), at + 1 < words.length ? words[at + 1] : '')
  }
  return anyMap(entries)
}
