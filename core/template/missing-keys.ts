/** The failure of a file whose secrets lack keys. */
import { AppError } from '../errors.ts'
import type { MissingKey } from './render-result.ts'

/** `key_missing`, which names all of them and the keys that were probably meant: names of keys are no values. */
export function describeMissingKeys(destination: string, missing: readonly MissingKey[]): AppError {
  const named = missing.map(({ reference, nearest }) =>
    nearest === undefined ? reference : `${reference} (did you mean ${nearest}?)`,
  )
  return new AppError('key_missing', { destination, missing: named.join(', ') })
}
