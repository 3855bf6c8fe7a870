/** Every pod in some manifests with what the webhook makes of it. */
import { mutate, type Outcome } from '../../webhook/inject/mutate.ts'
import { type NamespaceView, nameNamespace } from '../../webhook/inject/namespace.ts'
import type { WebhookDefaults } from '../../webhook/inject/profiles.ts'
import { type ManifestDocument, splitDocuments } from './documents.ts'
import {
  describeIssue,
  describeWarning,
  type Finding,
  findNamedAnnotation,
  locate,
  locateIssue,
} from './finding.ts'
import {
  findNamespaces,
  findPod,
  listObjects,
  type ManifestObject,
  type PodSite,
} from './objects.ts'
import type { PodKind } from './pod-kinds.ts'
import { mountPodToken } from './pod-token.ts'
import type { ManifestSource } from './sources.ts'

export interface InspectOptions {
  readonly defaults: WebhookDefaults
  /** Kinds that make pods. */
  readonly kinds: readonly PodKind[]
  /** Of objects that name none. */
  readonly namespace: string
}

export interface Inspection {
  readonly sources: readonly InspectedSource[]
  /** What the webhook says of the pods, and what is no manifest; in the order of the text. */
  readonly findings: readonly Finding[]
}

export interface InspectedSource {
  readonly source: ManifestSource
  readonly documents: readonly InspectedDocument[]
}

export interface InspectedDocument {
  readonly document: ManifestDocument
  readonly objects: readonly ManifestObject[]
  readonly pods: readonly InspectedPod[]
}

export interface InspectedPod {
  readonly site: PodSite
  /** What the outcome is one of: the pod of the site, with a token where the agent needs the pod's own. */
  readonly pod: unknown
  readonly outcome: Outcome
}

/** Namespaces that the manifests bring along are the pods' namespaces, labels and annotations included. */
export function inspectManifests(
  sources: readonly ManifestSource[],
  { defaults, kinds, namespace }: InspectOptions,
): Inspection {
  const read = sources.map((source) => ({
    source,
    documents: splitDocuments(source.text).map((document) => ({
      document,
      objects: document.reading.kind === 'manifest' ? listObjects(document.reading.value) : [],
    })),
  }))
  const namespaces = findNamespaces(
    read.flatMap(({ documents }) => documents.flatMap(({ objects }) => objects)),
  )
  const view = (name: string): NamespaceView => namespaces.get(name) ?? nameNamespace(name)
  const inspect = (site: PodSite): InspectedPod =>
    inspectPod(site, view(site.object.namespace || namespace), defaults)
  const inspected = read.map(({ source, documents }) => ({
    source,
    documents: documents.map(({ document, objects }) => ({
      document,
      objects,
      pods: objects.flatMap((object) => findPod(object, kinds) ?? []).map(inspect),
    })),
  }))
  return { sources: inspected, findings: inspected.flatMap(describeSource) }
}

/** `Kind/name`, or where it is when it has no name. */
export function nameObject(
  { kind, name, path }: ManifestObject,
  { index }: ManifestDocument,
): string {
  if (name !== '') return `${kind}/${name}`
  const item = path.findLast((step) => typeof step === 'number')
  return `document ${index}${item === undefined ? '' : `, item ${Number(item) + 1}`}`
}

/** Manifests have no token of the ServiceAccount; in a cluster an agent that lacks one has it from the API server. */
function inspectPod(
  site: PodSite,
  namespace: NamespaceView,
  defaults: WebhookDefaults,
): InspectedPod {
  const { pod } = site
  const outcome = mutate(pod, namespace, defaults)
  const lacksToken =
    outcome.kind === 'denied' && outcome.issues.some(({ code }) => code === 'token_volume')
  const mounted = lacksToken ? mountPodToken(pod) : undefined
  if (mounted === undefined) return { site, pod, outcome }
  return { site, pod: mounted, outcome: mutate(mounted, namespace, defaults) }
}

function describeSource({ source, documents }: InspectedSource): readonly Finding[] {
  return documents.flatMap(({ document, pods }) => {
    const { reading, index } = document
    if (reading.kind === 'invalid') {
      const object = `document ${index}`
      const issue = { code: 'manifest', path: object, expected: reading.expected }
      return [describeIssue(issue, { source, offset: reading.offset, object })]
    }
    return pods.flatMap((pod) => describePod(pod, document, source))
  })
}

function describePod(
  { site, outcome }: InspectedPod,
  document: ManifestDocument,
  source: ManifestSource,
): readonly Finding[] {
  if (outcome.kind === 'skipped') return []
  const object = nameObject(site.object, document)
  const issues = outcome.kind === 'denied' ? outcome.issues : []
  return [
    ...issues.map((issue) =>
      describeIssue(issue, { source, object, offset: locateIssue(document, site, issue) }),
    ),
    ...outcome.warnings.map((message) => {
      const path = findNamedAnnotation(site, message)
      const offset = locate(document, site, path)
      return describeWarning(
        { code: 'admission_warning', path, message },
        { source, object, offset },
      )
    }),
  ]
}
