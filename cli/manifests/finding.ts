/** A problem or a warning at its place in a manifest: what `inject` prints and `validate` reports. */
import { formatIssue, type Issue } from '../../core/issue.ts'
import { prefixes } from '../../webhook/inject/annotations/annotation.ts'
import { annotations } from '../../webhook/inject/annotations/annotations.ts'
import type { ManifestDocument } from './documents.ts'
import { type Path, type PodSite, read } from './objects.ts'
import { findNode, findOffset } from './yaml.ts'

export type Severity = 'error' | 'warning'

/** Never holds an annotation's value, except `got` of an Issue. */
export interface Finding {
  readonly severity: Severity
  /** One of the rules of cli/rules.ts. */
  readonly code: string
  readonly file: string
  /** From 1; the column in UTF-16 units. */
  readonly line: number
  readonly column: number
  /** `Kind/name`, or `document N`. */
  readonly object: string
  /** The annotation or field it is about; empty for the whole object. */
  readonly path: string
  readonly expected?: string
  readonly got?: string
  readonly hint?: string
  /** The whole in one line, without place and object. */
  readonly message: string
}

/** A text that findings are about. */
export interface FindingSource {
  readonly path: string
  readonly text: string
}

export interface Place {
  readonly source: FindingSource
  /** Into the source's text. */
  readonly offset: number
  readonly object: string
}

export function describeIssue(issue: Issue, { source, offset, object }: Place): Finding {
  const { code, path, expected, got, hint } = issue
  return {
    severity: 'error',
    code,
    file: source.path,
    ...countLines(source.text, offset),
    object,
    path,
    expected,
    ...(got === undefined ? {} : { got }),
    ...(hint === undefined ? {} : { hint }),
    message: formatIssue(issue),
  }
}

export interface Warning {
  readonly code: string
  readonly path: string
  readonly message: string
}

export function describeWarning(warning: Warning, { source, offset, object }: Place): Finding {
  const position = countLines(source.text, offset)
  return { severity: 'warning', file: source.path, ...position, object, ...warning }
}

/** `FILE:LINE:COLUMN: SEVERITY: OBJECT: MESSAGE [CODE]`, as editors and CI read compilers. */
export function formatFinding(finding: Finding): string {
  const { file, line, column, severity, object, message, code } = finding
  return `${file}:${line}:${column}: ${severity}: ${object}: ${message} [${code}]`
}

/** Where in the text an Issue's path is: an annotation of the pod, a field of the pod, else the pod itself. */
export function locate(document: ManifestDocument, site: PodSite, path: string): number {
  const { reading, offset } = document
  return reading.kind === 'manifest'
    ? offset + findOffset(reading.node, resolve(site, path))
    : offset
}

/** The same within the value, where the manifest has it as a block of text: only there its lines are those of the manifest. */
export function locateIssue(document: ManifestDocument, site: PodSite, issue: Issue): number {
  const { reading, offset, body } = document
  const whole = locate(document, site, issue.path)
  if (reading.kind !== 'manifest' || issue.at === undefined) return whole
  const node = findNode(reading.node, resolve(site, issue.path))
  if (node?.kind !== 'scalar' || !node.block) return whole
  const { line, column } = issue.at
  const indent = /^ */.exec(body.slice(node.start))?.[0].length ?? 0
  let start = node.start
  for (let passed = 1; passed < line; passed++) start = body.indexOf('\n', start) + 1
  const text = Buffer.from(body.slice(start + indent, node.end))
  const characters = text.subarray(0, column - 1).toString().length
  return offset + Math.min(start + indent + characters, node.end)
}

/** The annotation of the pod that a warning is about: the first that it names; empty when it names none. */
export function findNamedAnnotation({ pod }: PodSite, message: string): string {
  const all = Object(read(pod, ['metadata', 'annotations']))
  return message.split(/[\s:;,?"]+/).find((word) => Object.hasOwn(all, word)) ?? ''
}

function resolve({ object, path: podPath, pod }: PodSite, path: string): Path {
  if (path === 'metadata.namespace') return [...object.path, 'metadata', 'namespace']
  const all = ['metadata', 'annotations']
  const has = (key: string) => read(pod, [...all, key]) !== undefined
  const quoted = /^metadata\.annotations\[(".*")\]$/.exec(path)?.[1]
  const key = quoted === undefined ? path : String(JSON.parse(quoted))
  if (has(key)) return [...podPath, ...all, key]
  if (prefixes.some((prefix) => path.startsWith(prefix))) {
    const asking = prefixes.map((prefix) => prefix + annotations.inject.key).find(has)
    return [...podPath, ...all, ...(asking === undefined ? [] : [asking])]
  }
  return [...podPath, ...splitPath(path)]
}

/** `spec.containers[0].volumeMounts` in steps. */
function splitPath(path: string): Path {
  return Array.from(path.matchAll(/([^.[\]]+)|\[(\d+)\]/g), ([, name, index]) =>
    index === undefined ? (name ?? '') : Number(index),
  )
}

function countLines(
  text: string,
  offset: number,
): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset)
  const line = before.split('\n').length
  return { line, column: offset - before.lastIndexOf('\n') }
}
