/** Injects the pods of Kubernetes manifests offline, with the webhook's own function. */
import jsonPatch from 'fast-json-patch'
import { AppError } from '../core/errors.ts'
import { formatDocument } from './manifests/documents.ts'
import type { Finding } from './manifests/finding.ts'
import {
  type InspectedDocument,
  type InspectedSource,
  type InspectOptions,
  inspectManifests,
} from './manifests/inspect.ts'
import { type Path, read } from './manifests/objects.ts'
import type { ManifestSource } from './manifests/sources.ts'

export interface InjectionResult {
  /** In the order of the sources. */
  readonly outputs: readonly InjectedSource[]
  /** What the webhook would deny or warn of, and what is no manifest; those documents are left as they are. */
  readonly findings: readonly Finding[]
}

export interface InjectedSource {
  readonly source: ManifestSource
  /** YAML, or JSON where the input was JSON. What is not injected keeps its text, and what is keeps its comments. */
  readonly output: string
}

/** Each source is one or more YAML documents or one JSON document: pods, what makes pods, and lists of those. */
export function injectManifests(
  sources: readonly ManifestSource[],
  options: InspectOptions,
): InjectionResult {
  const { sources: inspected, findings } = inspectManifests(sources, options)
  return { outputs: inspected.map(injectSource), findings }
}

/** One stream of documents out of several. */
export function joinOutputs(outputs: readonly InjectedSource[]): string {
  return outputs.reduce((joined, { output }) => {
    if (joined === '') return output
    const marker = /^---(?:\s|$)/.test(output) ? '' : '---\n'
    return `${joined}${joined.endsWith('\n') ? '' : '\n'}${marker}${output}`
  }, '')
}

function injectSource({ source, documents }: InspectedSource): InjectedSource {
  return { source, output: documents.map(injectDocument).join('') }
}

function injectDocument({ document, pods }: InspectedDocument): string {
  const { reading, marker, body } = document
  const injected = pods.filter(({ outcome }) => outcome.kind === 'injected')
  if (reading.kind !== 'manifest' || injected.length === 0) return marker + body
  const budget = { nodes: 1_000_000 }
  let after = copyPlain(reading.value, budget)
  for (const { site, pod, outcome } of injected) {
    if (outcome.kind !== 'injected') continue
    const copy = copyPlain(pod, budget)
    jsonPatch.applyPatch(copy, [...outcome.patch], true)
    after = placeAt(after, site.path, copy)
  }
  return formatDocument(document, reading.value, after)
}

/** The document with `pod` at `path`, which leads somewhere. */
function placeAt(document: unknown, path: Path, pod: unknown): unknown {
  const last = path.at(-1)
  if (last === undefined) return pod
  Reflect.set(Object(read(document, path.slice(0, -1))), last, pod)
  return document
}

/** A copy in which nothing is shared, so that a change of one pod is none of another; aliases can multiply beyond any memory. */
function copyPlain(value: unknown, budget: { nodes: number }): unknown {
  if (budget.nodes-- <= 0) {
    throw new AppError('input_invalid', { reason: 'aliases make the document too large' })
  }
  if (Array.isArray(value)) return value.map((item) => copyPlain(item, budget))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, copyPlain(member, budget)]),
  )
}
