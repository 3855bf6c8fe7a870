/** Secrets in the formats that files of pods have. */
import { AppError } from '../../core/errors.ts'
import { fromByteString, toByteString, toBytes } from '../../core/template/byte-string.ts'
import { formats } from '../../core/template/formats/format.ts'
import { FunctionError } from '../../core/template/functions/function.ts'
import { anyMap, type GoMap, unbox } from '../../core/template/values.ts'
import type { FormatName } from '../../core/template/vocabulary.ts'
import type { Found } from './read-secrets.ts'

/** Nothing for what is absent. Throws `input_invalid` for what the format has no form for; failures are the caller's. */
export function formatFound(found: Found, format: FormatName | undefined): Uint8Array {
  if (found.kind !== 'found') return new Uint8Array()
  const { bytes, data } = found
  const isRaw = format === 'raw' || format === undefined
  if (isRaw && bytes !== undefined) return toBytes(bytes)
  return toBytes(formatData(data, format ?? 'json'))
}

/** One object with each secret under its reference; null for what is absent. */
export function formatTogether(
  found: readonly (readonly [string, Found | undefined])[],
  format: 'json' | 'yaml',
): Uint8Array {
  const members = found.map(([reference, one]) => {
    return [toByteString(reference), one?.kind === 'found' ? one.data : undefined] as const
  })
  for (const [, data] of members) if (data !== undefined) refuseBytes(data, format)
  return toBytes(formatData(anyMap(new Map(members)), format))
}

/** Byte string. */
function formatData(data: GoMap, format: FormatName): string {
  refuseBytes(data, format)
  try {
    return formats[format](data)
  } catch (thrown) {
    if (!(thrown instanceof FunctionError)) throw thrown
    const reason = thrown.parts.filter((part) => typeof part === 'string').join('')
    throw new AppError('input_invalid', { format, reason })
  }
}

/** These formats are text: bytes that are none would be lost without a word. */
const textFormats: ReadonlySet<FormatName> = new Set(['json', 'yaml', 'toml', 'properties'])

function refuseBytes({ entries }: GoMap, format: FormatName): void {
  if (!textFormats.has(format)) return
  for (const [key, member] of entries) {
    const value = unbox(member)
    if (typeof value === 'string' && toByteString(fromByteString(value)) !== value) {
      const property = fromByteString(String(key))
      throw new AppError('input_invalid', {
        property,
        format,
        reason: 'the value is bytes that are no text',
        hint: 'ask for this key alone, with -output=raw',
      })
    }
  }
}
