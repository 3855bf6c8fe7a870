/** Whether a webhook entry is for a pod, judged as the API server does it, and what of it says no. */
import type {
  V1LabelSelector,
  V1LabelSelectorRequirement,
  V1MutatingWebhook,
  V1RuleWithOperations,
} from '@kubernetes/client-node'
import { fulfils } from '../../webhook/policy/selector.ts'

export interface PodLabels {
  readonly pod: Readonly<Record<string, string>>
  readonly namespace: Readonly<Record<string, string>>
}

/** Undefined where rules and selectors cover it. Source: Kubernetes, admission webhook matching; matchConditions are CEL and not judged here. */
export function explainExclusion(entry: V1MutatingWebhook, labels: PodLabels): string | undefined {
  if (!(entry.rules ?? []).some(coversPods)) return 'no rule is for the creation of pods'
  const namespace = findUnmet(entry.namespaceSelector, labels.namespace)
  if (namespace !== undefined) return `namespaceSelector wants ${namespace} of the namespace`
  const pod = findUnmet(entry.objectSelector, labels.pod)
  return pod === undefined ? undefined : `objectSelector wants ${pod} of the pod`
}

function coversPods(rule: V1RuleWithOperations): boolean {
  const has = (list: readonly string[] | undefined, ...words: readonly string[]) =>
    ['*', ...words].some((word) => list?.includes(word))
  return (
    has(rule.operations, 'CREATE') &&
    has(rule.apiGroups, '') &&
    has(rule.apiVersions, 'v1') &&
    has(rule.resources, 'pods', '*/*') &&
    ['*', 'Namespaced'].includes(rule.scope ?? '*')
  )
}

/** The first requirement that the labels do not meet, as text. */
function findUnmet(
  selector: V1LabelSelector | undefined,
  labels: Readonly<Record<string, string>>,
): string | undefined {
  const equal = Object.entries(selector?.matchLabels ?? {}).map(
    ([key, value]): V1LabelSelectorRequirement => ({ key, operator: 'In', values: [value] }),
  )
  const unmet = [...equal, ...(selector?.matchExpressions ?? [])].find(
    (each) => !fulfils(Object.hasOwn(labels, each.key) ? labels[each.key] : undefined, each),
  )
  if (unmet === undefined) return undefined
  const { key, operator, values } = unmet
  return `${key} ${operator}${values === undefined ? '' : ` (${values.join(', ')})`}`
}
