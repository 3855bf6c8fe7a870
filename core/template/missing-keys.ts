/** The failure of a file whose secrets lack keys. */
import { AppError } from '../errors.ts'
import type { MissingKey } from './render-result.ts'

/** `key_missing` with all of them; names of keys are no values. */
export function describeMissingKeys(destination: string, missing: readonly MissingKey[]): AppError {
  const hints = missing.flatMap(({ reference, nearest }) =>
    nearest === undefined ? [] : [`${nearest} for ${reference}`],
  )
  return new AppError('key_missing', {
    destination,
    references: missing.map(({ reference }) => reference).join(', '),
    ...(hints.length === 0 ? {} : { hint: `did you mean ${hints.join(', ')}?` }),
  })
}
