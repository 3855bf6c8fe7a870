/** Which namespaces a rule is for. */
import type { NamespaceView } from '../inject/namespace.ts'
import { matchGlob } from './glob.ts'
import type { LabelRequirement, NamespaceSelector } from './policy.ts'

export function selects(
  { names, requirements }: NamespaceSelector,
  namespace: NamespaceView,
): boolean {
  const named = names?.some((pattern) => matchGlob(pattern, namespace.name)) ?? true
  return named && requirements.every((requirement) => fulfils(namespace, requirement))
}

/** Source: Kubernetes, labels.Requirement: a label that is absent is in no list. */
function fulfils({ labels }: NamespaceView, { key, operator, values }: LabelRequirement): boolean {
  const value = labels.get(key)
  switch (operator) {
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
  }
}
