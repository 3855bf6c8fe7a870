/** What the operator forbids, whatever the annotations say: the address guard, then the policy. */
import { guardAddress } from '../policy/address.ts'
import { type Facts, listValues } from '../policy/facts.ts'
import { type Judgement, judge } from '../policy/judge.ts'
import { annotations } from './annotations/annotations.ts'
import type { PodView } from './pod.ts'
import type { Problem } from './problem.ts'
import type { WebhookDefaults } from './profiles.ts'

export interface PolicingInput
  extends Pick<
    Facts,
    'namespace' | 'inherited' | 'profile' | 'files' | 'found' | 'stores' | 'needsVault'
  > {
  /** With the profile that counts for the pod. */
  readonly defaults: WebhookDefaults
}

/** Issue codes: `address_refused`, `policy_denied`. */
export function checkPolicy({ serviceAccount }: PodView, input: PolicingInput): Judgement {
  const { defaults } = input
  const facts: Facts = { ...input, serviceAccount }
  const judgement = judge(defaults.policy, facts)
  if (!defaults.profile.guardsAddresses) return judgement
  return { ...judgement, issues: [...guardAddresses(facts, defaults), ...judgement.issues] }
}

/** The operator's own addresses are listed by being the operator's. */
function guardAddresses(facts: Facts, defaults: WebhookDefaults): readonly Problem[] {
  const { proxyAddress, tracesEndpoint } = annotations
  const others = [proxyAddress, tracesEndpoint].flatMap(
    ({ key }) => defaults.annotations.get(key) ?? [],
  )
  const own = [defaults.address, ...others]
  const listed = { loopback: [...(defaults.policy?.loopback ?? []), ...own] }
  return listValues(facts)
    .filter(({ subject }) => subject === 'addresses')
    .flatMap(({ path, text, byDefault }): readonly Problem[] => {
      const expected = text === undefined ? undefined : guardAddress(text, listed)
      if (expected === undefined) return []
      const hint = byDefault ? { hint: 'it is the operator’s default' } : {}
      return [{ code: 'address_refused', path, expected, ...hint }]
    })
}

/** What is wrong in itself need not be forbidden too. */
export function addForbidden(
  wrong: readonly Problem[],
  forbidden: readonly Problem[],
): readonly Problem[] {
  const known = new Set(wrong.map(({ path }) => path))
  return [...wrong, ...forbidden.filter(({ path }) => !known.has(path))]
}
