/** Injects the pods of Kubernetes manifests offline, with the webhook's own function. */
import jsonPatch from 'fast-json-patch'
import {
  boolYaml11Tag,
  CORE_SCHEMA,
  defineScalarTag,
  dump,
  intCoreTag,
  loadAll,
  mergeTag,
} from 'js-yaml'
import type { Issue } from '../core/issue.ts'
import { mutate } from '../webhook/inject/mutate.ts'
import { nameNamespace } from '../webhook/inject/namespace.ts'
import type { WebhookDefaults } from '../webhook/inject/profiles.ts'

export interface InjectionResult {
  /** YAML, or JSON where the input was JSON; a document that is not injected keeps its text, comments included. */
  readonly output: string
  /** What the webhook would deny, or what is no manifest (issue code `manifest`); those documents are left as they are. */
  readonly problems: readonly ManifestProblem[]
  readonly warnings: readonly ManifestWarning[]
}

export interface ManifestProblem {
  /** `Kind/name`, or `document N`. */
  readonly document: string
  readonly issues: readonly Issue[]
}

export interface ManifestWarning {
  readonly document: string
  readonly message: string
}

/** `text` is one or more YAML documents or one JSON document: pods, what makes pods, and lists of those. */
export function injectManifests(text: string, defaults: WebhookDefaults): InjectionResult {
  const json = parseJson(text)
  if (json !== undefined) {
    const { value, ...rest } = injectDocument(json.value, { name: 'document 1', defaults })
    const output = value === undefined ? text : `${JSON.stringify(value, null, 2)}\n`
    return { output, ...rest }
  }
  const parts = splitDocuments(text).map((part, index) => {
    const name = `document ${index + 1}`
    const parsed = parseYaml(part.body)
    if (parsed.kind === 'invalid') return { ...part, ...refuse(name, parsed.expected) }
    return { ...part, ...injectDocument(parsed.value, { name, defaults }) }
  })
  return {
    output: parts.map(formatPart).join(''),
    problems: parts.flatMap(({ problems }) => problems),
    warnings: parts.flatMap(({ warnings }) => warnings),
  }
}

interface Injected {
  /** Undefined when nothing was injected. */
  readonly value: unknown
  readonly problems: readonly ManifestProblem[]
  readonly warnings: readonly ManifestWarning[]
}

interface Context {
  /** Names the document until it has told its own name. */
  readonly name: string
  readonly defaults: WebhookDefaults
}

/** Where each kind keeps the pod it makes; source: Kubernetes, apps/v1 and batch/v1. */
const podPaths: ReadonlyMap<string, readonly string[]> = new Map([
  ['Pod', []],
  ['Deployment', ['spec', 'template']],
  ['StatefulSet', ['spec', 'template']],
  ['DaemonSet', ['spec', 'template']],
  ['ReplicaSet', ['spec', 'template']],
  ['ReplicationController', ['spec', 'template']],
  ['Job', ['spec', 'template']],
  ['CronJob', ['spec', 'jobTemplate', 'spec', 'template']],
])

function injectDocument(document: unknown, { name, defaults }: Context): Injected {
  const kind = read(document, ['kind'])
  if (kind === 'List') return injectList(document, { name, defaults })
  const path = typeof kind === 'string' ? podPaths.get(kind) : undefined
  const pod = path === undefined ? undefined : read(document, path)
  if (pod === undefined) return untouched
  const title = readText(document, ['metadata', 'name'])
  const label = title === '' ? name : `${kind}/${title}`
  const namespace = readText(document, ['metadata', 'namespace']) || 'default'
  const outcome = mutate(pod, nameNamespace(namespace), defaults)
  if (outcome.kind === 'skipped') return untouched
  const warnings = outcome.warnings.map((message) => ({ document: label, message }))
  if (outcome.kind === 'denied') {
    return { ...untouched, problems: [{ document: label, issues: outcome.issues }], warnings }
  }
  jsonPatch.applyPatch(pod, [...outcome.patch], true)
  return { value: document, problems: [], warnings }
}

const untouched: Injected = { value: undefined, problems: [], warnings: [] }

function injectList(list: unknown, context: Context): Injected {
  const items = read(list, ['items'])
  if (!Array.isArray(items)) return untouched
  const results = items.map((item, index) =>
    injectDocument(item, { ...context, name: `${context.name}, item ${index + 1}` }),
  )
  return {
    value: results.some(({ value }) => value !== undefined) ? list : undefined,
    problems: results.flatMap(({ problems }) => problems),
    warnings: results.flatMap(({ warnings }) => warnings),
  }
}

function refuse(document: string, expected: string): Injected {
  const issue: Issue = { code: 'manifest', path: document, expected }
  return { ...untouched, problems: [{ document, issues: [issue] }] }
}

interface Part {
  /** The line that begins the document, `---`; empty for a first document without one. */
  readonly marker: string
  readonly body: string
}

function splitDocuments(text: string): readonly Part[] {
  return text.split(/^(?=---(?:\s|$))/m).map((part) => {
    const marker = /^---(?:[ \t\r]*(?:#.*)?(?:\n|$))?/.exec(part)?.[0] ?? ''
    return { marker, body: part.slice(marker.length) }
  })
}

/** As kubectl reads YAML: octal numbers begin with 0, `yes` and `on` are booleans, `<<` merges; 12:30 is text. */
const kubernetesSchema = CORE_SCHEMA.withTags(
  mergeTag,
  boolYaml11Tag,
  defineScalarTag(intCoreTag.tagName, {
    ...intCoreTag,
    resolve: (source, isExplicit, tagName) =>
      /^[-+]?0[0-7]+$/.test(source)
        ? Number.parseInt(source, 8)
        : intCoreTag.resolve(source, isExplicit, tagName),
  }),
)

type Reading =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'invalid'; readonly expected: string }

function parseYaml(body: string): Reading {
  try {
    const [value, ...more] = loadAll(body, { schema: kubernetesSchema })
    if (more.length === 0) return { kind: 'value', value }
    return { kind: 'invalid', expected: 'documents with --- between them' }
  } catch {
    return { kind: 'invalid', expected: 'a YAML document' }
  }
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  if (!text.trimStart().startsWith('{')) return undefined
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

function formatPart({ marker, body, value }: Part & Injected): string {
  if (value === undefined) return marker + body
  const line = marker === '---' ? '---\n' : marker
  return line + dump(value, { lineWidth: -1, noRefs: true, seqNoIndent: true })
}

function readText(value: unknown, path: readonly string[]): string {
  const found = read(value, path)
  return typeof found === 'string' ? found : ''
}

function read(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, key) =>
      typeof found === 'object' && found !== null && Object.hasOwn(found, key)
        ? Reflect.get(found, key)
        : undefined,
    value,
  )
}
