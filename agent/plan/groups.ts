/** Which files belong together: those that are made of a common secret. */
import { type SecretRequest, secretRequestKey } from '../../core/template/secret-request.ts'

export interface GroupMember {
  readonly name: string
  readonly requests: readonly SecretRequest[]
}

/** Name → a name that all members of its group have in common. */
export function groupBySecrets(members: readonly GroupMember[]): ReadonlyMap<string, string> {
  const leaders = new Map<string, string>()
  const owners = new Map<string, string>()
  const leaderOf = (name: string): string => {
    const leader = leaders.get(name) ?? name
    return leader === name ? name : leaderOf(leader)
  }
  for (const { name, requests } of members) {
    leaders.set(name, name)
    for (const key of requests.map(secretRequestKey)) {
      const owner = owners.get(key)
      if (owner === undefined) owners.set(key, name)
      else leaders.set(leaderOf(name), leaderOf(owner))
    }
  }
  return new Map(members.map(({ name }) => [name, leaderOf(name)]))
}
