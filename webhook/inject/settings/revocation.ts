/** Whether the agent gets to revoke its token when the pod ends. */
import type { AnnotationReader } from '../annotations/annotation-reader.ts'
import { annotations } from '../annotations/annotations.ts'
import type { PodView } from '../pod.ts'
import type { AgentImage } from './agent-image.ts'
import type { Placement } from './placement.ts'

interface Setting {
  readonly agent: AgentImage
  readonly placement: Placement
  readonly configMap: string | undefined
  readonly revokeGrace: string | undefined
}

/** A warning where it is asked to and cannot. Our agent waits by itself, a stock one in its `preStop` hook, which counts too. */
export function describeNoRevocation(
  { agent, placement, configMap, revokeGrace }: Setting,
  { gracePeriodSeconds }: PodView,
  reader: AnnotationReader,
): readonly string[] {
  if (revokeGrace === undefined || !placement.sidecar) return []
  const isOwn = agent.flavour === 'claviger'
  if (isOwn && configMap !== undefined) {
    const [row, rival] = [annotations.revokeOnShutdown, annotations.configMap]
    const asked = `${reader.spell(row.key)} has no effect beside ${reader.spell(rival.key)}`
    return [`${asked}; the agent in the ConfigMap asks for it with claviger.revoke_on_shutdown`]
  }
  if ((isOwn && placement.native) || Number(revokeGrace) < gracePeriodSeconds) return []
  const path = reader.spell(annotations.revokeGrace.key)
  return [
    `${path} (${revokeGrace} s) is no less than terminationGracePeriodSeconds (${gracePeriodSeconds} s): the agent is killed before it can revoke its token`,
  ]
}
