/** Everything that is wrong with the annotations in some manifests. */
import { findNearest } from '../core/nearest.ts'
import { prefixes } from '../webhook/inject/annotation.ts'
import { annotations } from '../webhook/inject/annotations.ts'
import { lintTemplates, type TemplateProblem } from './lint-templates.ts'
import type { ManifestDocument } from './manifests/documents.ts'
import { describeIssue, describeWarning, type Finding, locate } from './manifests/finding.ts'
import {
  type InspectedDocument,
  type InspectedPod,
  type InspectOptions,
  inspectManifests,
  nameObject,
} from './manifests/inspect.ts'
import { readTexts } from './manifests/objects.ts'
import type { ManifestSource } from './manifests/sources.ts'
import { findNode, findOffset } from './manifests/yaml.ts'

/** What the webhook would say, templates that do not parse, and annotations at the wrong place; by file, line and column. */
export function validateManifests(
  sources: readonly ManifestSource[],
  options: InspectOptions,
): readonly Finding[] {
  const { sources: inspected, findings } = inspectManifests(sources, options)
  const said = new Set(findings.map(({ file, line, path }) => `${file}:${line}:${path}`))
  const more = inspected.flatMap(({ source, documents }) =>
    documents.flatMap((inspectedDocument) => lintDocument(inspectedDocument, source)),
  )
  const order = sources.map(({ path }) => path)
  return [
    ...findings,
    ...more.filter(({ file, line, path }) => !said.has(`${file}:${line}:${path}`)),
  ].toSorted(
    (left, right) =>
      order.indexOf(left.file) - order.indexOf(right.file) ||
      left.line - right.line ||
      left.column - right.column,
  )
}

function lintDocument(
  { document, pods }: InspectedDocument,
  source: ManifestSource,
): readonly Finding[] {
  return pods.flatMap((pod) => [
    ...findBrokenTemplates(pod, document, source),
    ...findMisplaced(pod, document, source),
    ...findUnasked(pod, document, source),
  ])
}

function findBrokenTemplates(
  { site, outcome }: InspectedPod,
  document: ManifestDocument,
  source: ManifestSource,
): readonly Finding[] {
  if (outcome.kind === 'skipped') return []
  const object = nameObject(site.object, document)
  return lintTemplates(readTexts(site.pod, ['metadata', 'annotations'])).map((problem) => {
    const path = [...site.path, 'metadata', 'annotations', problem.path]
    const inText = locateInBlock(document, path, problem)
    const { line, column, reason } = problem
    const where = inText === undefined ? ` at line ${line}, column ${column} of the template` : ''
    const issue = {
      code: 'template_invalid',
      path: problem.path,
      expected: 'a template that parses',
      hint: `${reason}${where}`,
    }
    const offset = inText ?? locate(document, site, problem.path)
    return describeIssue(issue, { source, object, offset })
  })
}

/** In a block of text the lines of the manifest are those of the template; undefined for any other spelling. */
function locateInBlock(
  { reading, offset, body }: ManifestDocument,
  path: readonly (string | number)[],
  { line, column }: TemplateProblem,
): number | undefined {
  if (reading.kind !== 'manifest') return undefined
  const node = findNode(reading.node, path)
  if (node?.kind !== 'scalar' || !node.block) return undefined
  const indent = /^ */.exec(body.slice(node.start))?.[0].length ?? 0
  let start = node.start
  for (let passed = 1; passed < line; passed++) start = body.indexOf('\n', start) + 1
  return offset + Math.min(start + indent + column - 1, node.end)
}

/** On the object itself, where it makes pods and is none. */
function findMisplaced(
  { site }: InspectedPod,
  document: ManifestDocument,
  source: ManifestSource,
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
  document: ManifestDocument,
  source: ManifestSource,
): readonly Finding[] {
  if (outcome.kind !== 'skipped' || outcome.reason !== 'not_requested') return []
  const all = readTexts(site.pod, ['metadata', 'annotations'])
  const [first] = listOurs(all)
  const asked = prefixes.some((prefix) => all.has(prefix + annotations.inject.key))
  if (first === undefined || asked) return []
  const prefix = prefixes.find((known) => first.startsWith(known)) ?? prefixes[0]
  const key = prefix + annotations.inject.key
  const mistyped = findNearest(key, all.keys())
  const message =
    mistyped === undefined
      ? `${first} has no effect without ${key}: "true"`
      : `${mistyped} is unknown and has no effect; did you mean ${key}?`
  const path = mistyped ?? first
  return [
    describeWarning(
      { code: 'injection_not_requested', path, message },
      { source, object: nameObject(site.object, document), offset: locate(document, site, path) },
    ),
  ]
}

function listOurs(all: ReadonlyMap<string, string>): readonly string[] {
  return [...all.keys()].filter((key) => prefixes.some((prefix) => key.startsWith(prefix)))
}
