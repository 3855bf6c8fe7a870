/** `max_stale`: how old the answers behind a file may become before something is done about it. */
import { type SecretRequest, secretRequestKey } from '../../core/template/secret-request.ts'
import type { StalenessConfig } from '../config/agent-config.ts'
import type { AgentState } from './state.ts'

/** When what is made of `requests` becomes too old; infinity where nothing can. A lease that has ended is too old at once. */
export function staleAt(
  { maxMs }: StalenessConfig,
  requests: readonly SecretRequest[],
  { secrets }: AgentState,
): number {
  const ends = requests.flatMap((request) => {
    const held = secrets.get(secretRequestKey(request))
    if (held === undefined) return []
    return [Math.min(held.readAt + maxMs, held.expiresAt ?? Number.POSITIVE_INFINITY)]
  })
  return Math.min(Number.POSITIVE_INFINITY, ...ends)
}
