/** The agent's cache and listener. */
import type { AnnotationReader } from '../annotations/annotation-reader.ts'
import { annotations } from '../annotations/annotations.ts'

/** Which containers of the agent there are. */
export interface Agents {
  readonly init: boolean
  readonly sidecar: boolean
}

export interface ListenerSettings {
  /** Undefined where requests come without a token of the agent's; text, as vault-k8s passes it on. */
  readonly useAutoAuthToken: string
  readonly port: string
  readonly enableQuit: boolean
  readonly cache: CacheKind
  /** Whether a cache that cannot be restored ends the agent. */
  readonly exitOnError: boolean
}

/** `memory` is the sidecar's alone; `shared` is kept on a volume that both containers mount. */
export type CacheKind = 'none' | 'memory' | 'shared'

/** Source: vault-k8s, agent-inject/agent/config.go: without a sidecar there is no cache. */
export function readListener(reader: AnnotationReader, agents: Agents): ListenerSettings {
  const enabled = reader.plain(annotations.cacheEnable) ?? false
  return {
    cache: enabled && agents.sidecar ? (agents.init ? 'shared' : 'memory') : 'none',
    useAutoAuthToken: reader.plain(annotations.cacheToken) ?? 'true',
    port: reader.plain(annotations.cachePort) ?? '8200',
    exitOnError: reader.plain(annotations.cacheExitOnError) ?? false,
    enableQuit: reader.plain(annotations.enableQuit) ?? false,
  }
}
