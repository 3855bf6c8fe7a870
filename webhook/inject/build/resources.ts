/** The `resources` of the agent containers. */
import type { V1ResourceRequirements } from '@kubernetes/client-node'
import type { ResourceList, Resources } from '../profiles.ts'

/** A list without entries is left out. */
export function buildResources({ requests, limits }: Resources): V1ResourceRequirements {
  const built = { requests: spellResources(requests), limits: spellResources(limits) }
  return Object.fromEntries(
    Object.entries(built).filter(([, list]) => Object.keys(list).length > 0),
  )
}

function spellResources({ cpu, memory, ephemeralStorage }: ResourceList): Record<string, string> {
  return {
    ...(cpu === undefined ? {} : { cpu }),
    ...(memory === undefined ? {} : { memory }),
    ...(ephemeralStorage === undefined ? {} : { 'ephemeral-storage': ephemeralStorage }),
  }
}
