/** Which namespaces a rule is for. */
import type { NamespaceView } from '../inject/namespace.ts'
import { matchGlob } from './glob.ts'
import type { NamespaceSelector } from './policy.ts'

export function selects(
  { names, requirements }: NamespaceSelector,
  namespace: NamespaceView,
): boolean {
  const named = names?.some((pattern) => matchGlob(pattern, namespace.name)) ?? true
  return named && requirements.every((each) => fulfils(namespace.labels.get(each.key), each))
}

/** Of a LabelSelector; an operator that nobody knows is taken for NotIn. */
interface Requirement {
  readonly operator: string
  readonly values?: readonly string[] | undefined
}

/** Source: Kubernetes, labels.Requirement: a label that is absent is in no list. */
export function fulfils(
  value: string | undefined,
  { operator, values = [] }: Requirement,
): boolean {
  switch (operator) {
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    case 'In':
      return value !== undefined && values.includes(value)
    default:
      return value === undefined || !values.includes(value)
  }
}
