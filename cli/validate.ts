/** Everything that is wrong with the annotations in some manifests. */
import { findNearest } from '../core/nearest.ts'
import { type Prefix, prefixes } from '../webhook/inject/annotations/annotation.ts'
import { annotations } from '../webhook/inject/annotations/annotations.ts'
import type { Profile } from '../webhook/inject/profiles.ts'
import type { ManifestDocument } from './manifests/documents.ts'
import { describeWarning, type Finding, locate, type Warning } from './manifests/finding.ts'
import {
  type InspectedPod,
  type InspectOptions,
  inspectManifests,
  nameObject,
} from './manifests/inspect.ts'
import { readTexts } from './manifests/objects.ts'
import type { ManifestSource } from './manifests/sources.ts'
import { findOffset } from './manifests/yaml.ts'

/** What the webhook would say, and annotations at the wrong place; by file, line and column. */
export function validateManifests(
  sources: readonly ManifestSource[],
  options: InspectOptions,
): readonly Finding[] {
  const { sources: inspected, findings } = inspectManifests(sources, options)
  const more = inspected.flatMap(({ source, documents }) =>
    documents.flatMap(({ document, pods }) => {
      const around = { document, source, profile: options.defaults.profile }
      return pods.flatMap((pod) => [...findMisplaced(pod, around), ...findUnasked(pod, around)])
    }),
  )
  const order = sources.map(({ path }) => path)
  return [...findings, ...more].toSorted(
    (left, right) =>
      order.indexOf(left.file) - order.indexOf(right.file) ||
      left.line - right.line ||
      left.column - right.column,
  )
}

interface Surroundings {
  readonly document: ManifestDocument
  readonly source: ManifestSource
  readonly profile: Profile
}

/** On the object itself, where it makes pods and is none. */
function findMisplaced(
  { site }: InspectedPod,
  { document, source }: Surroundings,
): readonly Finding[] {
  const { object, path } = site
  const { reading } = document
  if (path.length === object.path.length || reading.kind !== 'manifest') return []
  const steps = [...object.path, 'metadata', 'annotations']
  return listOurs(readTexts(object.value, ['metadata', 'annotations'])).map((key) => {
    const template = path.slice(object.path.length).join('.')
    const message = `${key} has no effect here; it belongs to ${template}.metadata.annotations`
    return describeWarning(
      { code: 'annotation_misplaced', path: key, message },
      {
        source,
        object: nameObject(object, document),
        offset: document.offset + findOffset(reading.node, [...steps, key]),
      },
    )
  })
}

function findUnasked(
  { site, outcome }: InspectedPod,
  { document, source, profile }: Surroundings,
): readonly Finding[] {
  if (outcome.kind !== 'skipped' || outcome.reason !== 'not_requested') return []
  const all = readTexts(site.pod, ['metadata', 'annotations'])
  const [first] = listOurs(all)
  const asks = (prefix: Prefix) => all.has(prefix + annotations.inject.key)
  if (first === undefined || profile.prefixes.some(asks)) return []
  const warning = describeUnasked(first, all, profile)
  const offset = locate(document, site, warning.path)
  return [describeWarning(warning, { source, object: nameObject(site.object, document), offset })]
}

/** Why the pod is left alone although it has `first`, an annotation of ours. */
function describeUnasked(
  first: string,
  all: ReadonlyMap<string, string>,
  { name, prefixes: read }: Profile,
): Warning {
  const warn = (path: string, message: string): Warning => ({
    code: 'injection_not_requested',
    path,
    message,
  })
  const unread = prefixes
    .map((prefix) => prefix + annotations.inject.key)
    .find((key) => all.has(key))
  if (unread !== undefined) return warn(unread, `${unread} has no effect in profile ${name}`)
  const prefix = read.find((known) => first.startsWith(known)) ?? read[0] ?? ''
  const key = prefix + annotations.inject.key
  const mistyped = findNearest(key, all.keys())
  return mistyped === undefined
    ? warn(first, `${first} has no effect without ${key}: "true"`)
    : warn(mistyped, `${mistyped} is unknown and has no effect; did you mean ${key}?`)
}

function listOurs(all: ReadonlyMap<string, string>): readonly string[] {
  return [...all.keys()].filter((key) => prefixes.some((prefix) => key.startsWith(prefix)))
}
