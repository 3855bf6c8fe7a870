/** What stands between `%` and the verb, and the padding it asks for. Source: Go's fmt/format.go. */
import { countRunes } from './byte-string.ts'

export interface FormatSpec {
  readonly minus: boolean
  readonly plus: boolean
  readonly sharp: boolean
  readonly space: boolean
  readonly zero: boolean
  /** `%+v`: structs with field names. */
  readonly plusV: boolean
  /** `%#v`: Go syntax. */
  readonly sharpV: boolean
  readonly width: number | undefined
  readonly precision: number | undefined
}

export const plainSpec: FormatSpec = {
  minus: false,
  plus: false,
  sharp: false,
  space: false,
  zero: false,
  plusV: false,
  sharpV: false,
  width: undefined,
  precision: undefined,
}

/** `count` padding characters; zeros only to the left. */
export function padding(count: number, { zero, minus }: FormatSpec): string {
  return count > 0 ? (zero && !minus ? '0' : ' ').repeat(count) : ''
}

/** Padded to the width, which counts runes. */
export function pad(text: string, spec: FormatSpec): string {
  if (spec.width === undefined) return text
  const space = padding(spec.width - countRunes(text), spec)
  return spec.minus ? text + space : space + text
}
