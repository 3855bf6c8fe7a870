/** Structs that JSON, YAML and TOML write as one text: times and versions. Source: Go's encoding.TextMarshaler. */
import { formatVersion } from './semver.ts'
import { versionOf } from './semver-value.ts'
import { formatTime } from './time/format.ts'
import { instantOf } from './time/instant.ts'
import { rfc3339Nano } from './time/layout.ts'
import type { Value } from './values.ts'

/** The text, undefined for every other value. */
export function textFormOf(value: Value): string | undefined {
  const instant = instantOf(
    typeof value === 'object' && value.kind === 'pointer' ? value.target : value,
  )
  if (instant !== undefined) return formatTime(instant, rfc3339Nano)
  const version = versionOf(value)
  return version === undefined ? undefined : formatVersion(version)
}
