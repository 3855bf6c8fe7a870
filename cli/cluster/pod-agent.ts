/** What the agent of a pod was told to do, read from the pod: the store, the login, and the secrets of each file. */
import { basename } from 'node:path'
import type { V1Container, V1Pod } from '@kubernetes/client-node'
import type { AgentConfig, TemplateConfig } from '../../agent/config/agent-config.ts'
import { loadConfig } from '../../agent/config/load-config.ts'
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
  /** As the template spells them. */
  readonly paths: readonly string[]
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
  const files = config.templates.map(readNeeds)
  return { kind: 'ok', value: { config, audience: findAudience(pod, container), files } }
}

/** Whether `path` of the agent's report is `needed`, which may lack the `data/` of KV version 2. */
function isSamePath(path: string, needed: string): boolean {
  const strip = (text: string) => text.replace(/^\/+/, '').replace('/data/', '/')
  return strip(path) === strip(needed)
}

export function listFilesOf(path: string, files: readonly FileNeeds[]): readonly string[] {
  const having = files.filter(({ paths }) => paths.some((needed) => isSamePath(path, needed)))
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

function readNeeds({ destination, body, ...template }: TemplateConfig): FileNeeds {
  if (body.kind === 'format') return { destination, paths: [body.path], unclear: false }
  if (body.kind === 'source' || template.engine !== 'go') {
    return { destination, paths: [], unclear: true }
  }
  const { leftDelimiter: left, rightDelimiter: right } = template
  return { destination, ...findPaths(body.text, { left, right }) }
}

/** Of the volume that the agent mounts and that projects a token. */
function findAudience({ spec }: V1Pod, { volumeMounts = [] }: V1Container): string | undefined {
  const mounted = volumeMounts.map(({ name }) => name)
  const volumes = (spec?.volumes ?? []).filter(({ name }) => mounted.includes(name))
  const sources = volumes.flatMap(({ projected }) => projected?.sources ?? [])
  return sources.find((source) => source.serviceAccountToken)?.serviceAccountToken?.audience
}
