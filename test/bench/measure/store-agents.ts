/** The agents with the pod's own Vault alone, and with a store of each type: the same configuration but for the stores. */
import { type AgentContender, listDestinations, type Work } from './agents.ts'
import type { Bench } from './bench.ts'
import { describeStores, type OtherStore, type OtherType, secretPath } from './eight-stores.ts'

export const storeCounts = [1, 8] as const
export type StoreCount = (typeof storeCounts)[number]

/** Ours: no other agent has stores. */
export function listOwnAgents({ agents }: Bench): readonly AgentContender[] {
  return agents.filter(({ contender }) => contender === 'claviger' || contender === 'hibernating')
}

/** `work.secrets` must be 8: one for each store, the pod's own Vault among them. */
export function withStores(
  agent: AgentContender,
  stores: ReadonlyMap<OtherType, OtherStore>,
): AgentContender {
  // It would not hibernate while it watches.
  const described = describeStores(stores, agent.contender !== 'hibernating')
  const paths = Array.from(stores.keys(), (type) => `${type}:${secretPath}`)
  return {
    ...agent,
    configure: async (work) => {
      const { config, environment } = await agent.configure({ ...work, secrets: 1 })
      const own = readClaviger(config)
      const template = listTemplates(work, paths)
      return {
        config: { ...config, template, claviger: { ...own, stores: described } },
        environment,
      }
    },
  }
}

function listTemplates(work: Work, paths: readonly string[]): readonly object[] {
  const asks = [
    [`${work.store.mount}/data/app`, '.Data.data.password'] as const,
    ...paths.map((path) => [path, '.Data.password'] as const),
  ]
  return listDestinations(work).map((destination, at) => {
    const [path = '', value = ''] = asks[at] ?? []
    return {
      destination,
      contents: `{{ with secret "${path}" }}export PASSWORD="{{ ${value} }}"\n{{ end }}`,
    }
  })
}

function readClaviger(config: object): object {
  return 'claviger' in config && typeof config.claviger === 'object' ? (config.claviger ?? {}) : {}
}
