/** The JSON of `claviger status`: one object; fields may be added. */
import { toJson } from '../../agent/status-text.ts'
import type { PodState } from './read-pods.ts'
import { describePod } from './rows.ts'

/** `status` is what `claviger-agent status -json` says, null where nobody said anything; times are RFC 3339. */
export function formatJson(states: readonly PodState[]): string {
  const pods = states.map((state) => {
    const { namespace, pod, form, agent, restarts, problem, node, image } = describePod(state)
    const { report } = state
    const status = report.kind === 'said' ? toJson(report.status) : null
    const answered = report.kind
    return { namespace, pod, form, agent, restarts, node, image, answered, problem, status }
  })
  return `${JSON.stringify({ pods }, null, 2)}\n`
}
