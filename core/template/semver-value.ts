/** A version as the Go value that templates see, `*semver.Version`. */
import type { Version } from './semver.ts'
import type { GoPointer, GoStruct, StructType, Value } from './values.ts'

export const versionType: StructType = {
  name: 'semver.Version',
  fields: new Map([
    ['major', 'uint64'],
    ['minor', 'uint64'],
    ['patch', 'uint64'],
    ['pre', 'string'],
    ['metadata', 'string'],
    ['original', 'string'],
  ]),
}

export function versionStruct(version: Version): GoStruct {
  const fields = new Map<string, Value>([
    ['major', uint64(version.major)],
    ['minor', uint64(version.minor)],
    ['patch', uint64(version.patch)],
    ['pre', version.prerelease],
    ['metadata', version.metadata],
    ['original', version.original],
  ])
  return { kind: 'struct', structType: versionType, fields }
}

export function versionValue(version: Version): GoPointer {
  return { kind: 'pointer', structType: versionType, target: versionStruct(version) }
}

/** The version that a value is, through a pointer or not; undefined for every other value. */
export function versionOf(given: Value): Version | undefined {
  const value = typeof given === 'object' && given.kind === 'pointer' ? given.target : given
  if (typeof value !== 'object' || value.kind !== 'struct' || value.structType !== versionType) {
    return undefined
  }
  const { fields } = value
  return {
    major: integer(fields.get('major')),
    minor: integer(fields.get('minor')),
    patch: integer(fields.get('patch')),
    prerelease: text(fields.get('pre')),
    metadata: text(fields.get('metadata')),
    original: text(fields.get('original')),
  }
}

export function uint64(value: bigint): Value {
  return { kind: 'uint', type: 'uint64', value: BigInt.asUintN(64, value) }
}

function integer(value: Value): bigint {
  return typeof value === 'object' && value.kind === 'uint' ? value.value : 0n
}

function text(value: Value): string {
  return typeof value === 'string' ? value : ''
}
