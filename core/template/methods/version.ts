/** Methods of *semver.Version. Source: Masterminds/semver v3. */
import {
  checkMetadata,
  checkPrerelease,
  compareVersions,
  formatVersion,
  parseVersion,
  type Version,
} from '../semver.ts'
import { uint64, versionOf, versionStruct } from '../semver-value.ts'
import { int, textOf, type Value } from '../values.ts'
import { byteList, getter, type Method } from './method.ts'

function of(name: string, read: (version: Version) => Value): Method {
  return getter(name, (receiver) => read(versionFrom(receiver)))
}

const nothing = parseVersion('0.0.0')

function versionFrom(value: Value): Version {
  return versionOf(value) ?? nothing
}

function compared(name: string, read: (order: number) => Value): Method {
  return {
    name,
    parameters: ['*semver.Version'],
    pointerOnly: true,
    run: (receiver, [other]) => read(compareVersions(versionFrom(receiver), versionFrom(other))),
  }
}

/** A version that was derived from another keeps its `v`. */
function derived(from: Version, change: Partial<Version>): Value {
  const version = { ...from, ...change }
  const prefix = from.original.startsWith('v') ? 'v' : ''
  return versionStruct({ ...version, original: prefix + formatVersion(version) })
}

const released = { prerelease: '', metadata: '' }

function setter(name: string, set: (text: string) => Partial<Version>): Method {
  return {
    name,
    parameters: ['string'],
    run: (receiver, [text]) => derived(versionFrom(receiver), set(textOf(text) ?? '')),
  }
}

export const versionMethods: readonly Method[] = [
  of('String', formatVersion),
  { ...of('Original', ({ original }) => original), pointerOnly: true },
  of('Major', ({ major }) => uint64(major)),
  of('Minor', ({ minor }) => uint64(minor)),
  of('Patch', ({ patch }) => uint64(patch)),
  of('Prerelease', ({ prerelease }) => prerelease),
  of('Metadata', ({ metadata }) => metadata),
  of('IncPatch', (version) =>
    derived(version, {
      ...released,
      patch: version.prerelease === '' ? version.patch + 1n : version.patch,
    }),
  ),
  of('IncMinor', (version) =>
    derived(version, { ...released, minor: version.minor + 1n, patch: 0n }),
  ),
  of('IncMajor', (version) =>
    derived(version, { ...released, major: version.major + 1n, minor: 0n, patch: 0n }),
  ),
  setter('SetPrerelease', (prerelease) => {
    if (prerelease !== '') checkPrerelease(prerelease)
    return { prerelease }
  }),
  setter('SetMetadata', (metadata) => {
    if (metadata !== '') checkMetadata(metadata)
    return { metadata }
  }),
  compared('Compare', (order) => int(order)),
  compared('Equal', (order) => order === 0),
  compared('LessThan', (order) => order < 0),
  compared('LessThanEqual', (order) => order <= 0),
  compared('GreaterThan', (order) => order > 0),
  compared('GreaterThanEqual', (order) => order >= 0),
  of('MarshalJSON', (version) => byteList(`"${formatVersion(version)}"`)),
  of('MarshalText', (version) => byteList(formatVersion(version))),
  of('Value', formatVersion),
]
