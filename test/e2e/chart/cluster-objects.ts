/** Objects of the tests of the chart's conditions, apart from the webhook that the machine runs. */
import type { Machine } from '../support/machine.ts'

/** By which a policy of these tests finds its namespaces. */
export const policyLabel = (name: string) => ({ 'e2e.claviger.dev/conditions': name })

/** A namespace for one policy, which the webhook that the machine runs leaves alone. */
export const namespaceFor = (policy: string, name: string, annotations = {}) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name,
    labels: { 'e2e.claviger.dev/injector': 'chart', ...policyLabel(policy) },
    annotations,
  },
})

export function apply({ kubectl }: Machine, items: readonly object[]): Promise<string> {
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
  return kubectl.run(['apply', '--filename', '-'], list)
}

/** Policies, with the bindings of their names, and namespaces; those that are not there are no problem. */
export async function remove(
  { kubectl }: Machine,
  policies: readonly string[],
  namespaces: readonly string[],
): Promise<void> {
  const kinds = 'validatingadmissionpolicy,validatingadmissionpolicybinding'
  const missing = ['--ignore-not-found', '--wait=false']
  await kubectl.run(['delete', kinds, ...policies, ...missing])
  await kubectl.run(['delete', 'namespace', ...namespaces, ...missing])
}
