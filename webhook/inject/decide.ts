/** Whether a pod is injected at all: ordered rules, the first that applies decides. */
import type { Issue } from '../../core/issue.ts'
import { prefixes } from './annotation.ts'
import { createAnnotationReader } from './annotation-reader.ts'
import { annotations, injectedStatus } from './annotations.ts'
import type { PodView } from './pod.ts'

export type SkipReason = 'not_requested' | 'already_injected' | 'already_running'
export type DenyReason = 'pod_invalid' | 'request_invalid' | 'system_namespace' | 'settings_invalid'

export type Decision =
  | { readonly kind: 'inject' }
  | { readonly kind: 'skip'; readonly reason: SkipReason }
  | { readonly kind: 'deny'; readonly reason: DenyReason; readonly issues: readonly Issue[] }

/** Pods that ask for injection here are denied, not skipped: silence would cost the author an hour. */
export const deniedNamespaces: readonly string[] = ['kube-system', 'kube-public']

type Rule = (pod: PodView, namespace: string) => Decision | undefined

/** Source: vault-k8s, ShouldInject and the handler; the order is part of it. */
const rules: readonly Rule[] = [checkRequest, checkPhase, checkStatus, checkNamespace]

export function decide(pod: PodView, namespace: string): Decision {
  for (const rule of rules) {
    const decision = rule(pod, namespace)
    if (decision !== undefined) return decision
  }
  return { kind: 'inject' }
}

function checkRequest({ annotations: all }: PodView): Decision | undefined {
  const asked = new Map(
    prefixes.flatMap((prefix): [string, string][] => {
      const value = all.get(prefix + annotations.inject.key)
      return value === undefined ? [] : [[prefix + annotations.inject.key, value]]
    }),
  )
  const reader = createAnnotationReader(asked)
  const requested = reader.plain(annotations.inject)
  if (reader.issues.length > 0) {
    return { kind: 'deny', reason: 'request_invalid', issues: reader.issues }
  }
  return requested === true ? undefined : { kind: 'skip', reason: 'not_requested' }
}

function checkPhase({ phase }: PodView): Decision | undefined {
  if (phase === '' || phase === 'Pending') return undefined
  return { kind: 'skip', reason: 'already_running' }
}

function checkStatus({ annotations: all }: PodView): Decision | undefined {
  const injected = prefixes.some(
    (prefix) => all.get(prefix + annotations.status.key) === injectedStatus,
  )
  return injected ? { kind: 'skip', reason: 'already_injected' } : undefined
}

function checkNamespace(_: PodView, namespace: string): Decision | undefined {
  if (!deniedNamespaces.includes(namespace)) return undefined
  const issue: Issue = {
    code: 'system_namespace',
    path: 'metadata.namespace',
    expected: `a namespace other than ${deniedNamespaces.join(' and ')}`,
    got: namespace,
  }
  return { kind: 'deny', reason: 'system_namespace', issues: [issue] }
}
