/** What the agent of a pod was told to do, read from the pod: the store, the login, and the secrets of each file. */
import { basename } from 'node:path'
import type { V1Container, V1Pod } from '@kubernetes/client-node'
import type { AgentConfig, TemplateConfig } from '../../agent/config/agent-config.ts'
import { loadConfig } from '../../agent/config/load-config.ts'
import { formatReference, parseReference, type ReferenceStores } from '../../core/reference.ts'
import { toReferenceStores } from '../../core/stores/settings/reference-stores.ts'
import { findPaths } from '../../webhook/policy/template-paths.ts'
import { findAgent } from './agent-containers.ts'

export interface PodAgent {
  readonly config: AgentConfig
  /** Of the token that it logs in with; undefined for the API server's own. */
  readonly audience: string | undefined
  readonly files: readonly FileNeeds[]
}

export interface FileNeeds {
  readonly destination: string
  /** Of the pod's own Vault, as the template spells them. */
  readonly paths: readonly string[]
  /** References to other stores, without property. */
  readonly others: readonly string[]
  /** Whether there may be more: computed paths, or a template that lies in the pod. */
  readonly unclear: boolean
}

export type PodAgentReading =
  | { readonly kind: 'ok'; readonly value: PodAgent }
  /** Why it cannot be known from outside. */
  | { readonly kind: 'unknown'; readonly reason: string }

export async function readPodAgent(pod: V1Pod): Promise<PodAgentReading> {
  const agent = findAgent(pod)
  const container = (agent?.sidecar ?? agent?.init)?.spec
  if (container === undefined) return { kind: 'unknown', reason: 'the pod has no agent' }
  const environment = readEnvironment(container, pod)
  if (environment['VAULT_CONFIG'] === undefined) {
    return { kind: 'unknown', reason: 'a ConfigMap of the pod has the agent’s configuration' }
  }
  const loaded = await loadConfig({}, environment)
  if (loaded.kind === 'issues') {
    return { kind: 'unknown', reason: 'the agent’s configuration cannot be read' }
  }
  const { config } = loaded.value
  const references = readReferences(config)
  const files = config.templates.map((template) => readNeeds(template, references))
  return { kind: 'ok', value: { config, audience: findAudience(pod, container), files } }
}

function readReferences({ own }: AgentConfig): ReferenceStores | undefined {
  const types = new Map(Array.from(own.stores.values(), ({ name, type }) => [name, type]))
  return own.hasReferences ? toReferenceStores({ types, fallback: own.defaultStore }) : undefined
}

/** Whether `path` of the agent's report is `needed`, which may lack the `data/` of KV version 2. */
function isSamePath(path: string, needed: string): boolean {
  const strip = (text: string) => text.replace(/^\/+/, '').replace('/data/', '/')
  return strip(path) === strip(needed)
}

export function listFilesOf(path: string, files: readonly FileNeeds[]): readonly string[] {
  const having = files.filter(
    ({ paths, others }) =>
      others.includes(path) || paths.some((needed) => isSamePath(path, needed)),
  )
  return having.map(({ destination }) => basename(destination))
}

/** Literal values; of what the kubelet fills in only the addresses are of interest. */
function readEnvironment({ env = [] }: V1Container, { status }: V1Pod): Record<string, string> {
  const host = status?.hostIP
  return Object.fromEntries(
    env.flatMap(({ name, value }) => {
      if (value === undefined) return []
      return [[name, host === undefined ? value : value.replaceAll('$(HOST_IP)', host)]]
    }),
  )
}

function readNeeds(
  { destination, body, ...template }: TemplateConfig,
  references: ReferenceStores | undefined,
): FileNeeds {
  if (body.kind === 'format') {
    return { destination, ...sort([body.path], references), unclear: false }
  }
  if (body.kind === 'source' || template.engine !== 'go') {
    return { destination, paths: [], others: [], unclear: true }
  }
  const { leftDelimiter: left, rightDelimiter: right } = template
  const { paths, unclear } = findPaths(body.text, { left, right })
  return { destination, ...sort(paths, references), unclear }
}

function sort(
  texts: readonly string[],
  references: ReferenceStores | undefined,
): Pick<FileNeeds, 'paths' | 'others'> {
  if (references === undefined) return { paths: texts, others: [] }
  const parsed = texts.map((text) => parseReference(text, references))
  const asked = parsed.flatMap((each) => (each.kind === 'ok' ? [each.value] : []))
  return {
    paths: asked.flatMap(({ store, path }) => (store === undefined ? [path] : [])),
    others: asked.flatMap((reference) =>
      reference.store === undefined
        ? []
        : [formatReference({ ...reference, property: undefined, isOptional: false })],
    ),
  }
}

/** Of the volume that the agent mounts and that projects a token. */
function findAudience({ spec }: V1Pod, { volumeMounts = [] }: V1Container): string | undefined {
  const mounted = volumeMounts.map(({ name }) => name)
  const volumes = (spec?.volumes ?? []).filter(({ name }) => mounted.includes(name))
  const sources = volumes.flatMap(({ projected }) => projected?.sources ?? [])
  return sources.find((source) => source.serviceAccountToken)?.serviceAccountToken?.audience
}
