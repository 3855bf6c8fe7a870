/** Whether a pod is injected at all: ordered rules, the first that applies decides. */
import { createAnnotationReader } from './annotations/annotation-reader.ts'
import { annotations, injectedStatus } from './annotations/annotations.ts'
import { createKeyIndex } from './annotations/key-index.ts'
import { agentContainerNames } from './build/containers.ts'
import type { NamespaceView } from './namespace.ts'
import type { PodView } from './pod.ts'
import type { Problem } from './problem.ts'
import type { Profile } from './profiles.ts'

export type SkipReason = 'not_requested' | 'already_injected' | 'already_running'
export type DenyReason =
  | 'pod_invalid'
  | 'request_invalid'
  | 'system_namespace'
  | 'namespace_unknown'
  | 'settings_invalid'
  | 'address_refused'
  | 'policy_denied'

export type Decision =
  | { readonly kind: 'inject' }
  | { readonly kind: 'skip'; readonly reason: SkipReason }
  | { readonly kind: 'deny'; readonly reason: DenyReason; readonly problems: readonly Problem[] }

/** Pods that ask for injection here are denied, not skipped: silence would cost the author an hour. */
export const deniedNamespaces: readonly string[] = ['kube-system', 'kube-public']

/** What of a pod decides. */
export type DecisivePod = Pick<PodView, 'annotations' | 'phase' | 'containers' | 'initContainers'>

interface Question {
  readonly pod: DecisivePod
  readonly namespace: NamespaceView
  readonly profile: Profile
  /** The namespace that the webhook runs in, where it is known. */
  readonly ownNamespace?: string | undefined
}

type Rule = (question: Question) => Decision | undefined

/** Source: vault-k8s, ShouldInject and the handler; the order is part of it. */
const rules: readonly Rule[] = [
  checkRequest,
  checkPhase,
  checkStatus,
  checkNamespace,
  checkNamespaceName,
]

export function decide(question: Question): Decision {
  for (const rule of rules) {
    const decision = rule(question)
    if (decision !== undefined) return decision
  }
  return { kind: 'inject' }
}

function checkRequest({ pod, profile }: Question): Decision | undefined {
  const asked = [...pod.annotations].filter(([path]) => path.endsWith(`/${annotations.inject.key}`))
  const index = createKeyIndex(new Map(asked), profile)
  const reader = createAnnotationReader(index, { profile, fallbacks: new Map() })
  const requested = reader.plain(annotations.inject)
  if (reader.issues.length > 0) {
    return { kind: 'deny', reason: 'request_invalid', problems: reader.issues }
  }
  return requested === true ? undefined : { kind: 'skip', reason: 'not_requested' }
}

function checkPhase({ pod: { phase } }: Question): Decision | undefined {
  if (phase === '' || phase === 'Pending') return undefined
  return { kind: 'skip', reason: 'already_running' }
}

/** vault-k8s believes the annotation; we look for the agent, or a pod could say that it is injected and run without. */
function checkStatus({ pod, profile }: Question): Decision | undefined {
  const path = findInjectedStatus(pod, profile)
  if (path === undefined) return undefined
  if (profile.lenient || hasAgent(pod)) return { kind: 'skip', reason: 'already_injected' }
  const problem: Problem = {
    code: 'status_claimed',
    path,
    expected: 'no such annotation on a pod without an agent',
    hint: 'remove it; the webhook writes it',
  }
  return { kind: 'deny', reason: 'request_invalid', problems: [problem] }
}

/** The annotation by which a pod says that it is injected, as it spells it. */
export function findInjectedStatus(
  pod: Pick<PodView, 'annotations'>,
  { prefixes }: Pick<Profile, 'prefixes'>,
): string | undefined {
  return prefixes
    .map((prefix) => prefix + annotations.status.key)
    .find((key) => pod.annotations.get(key) === injectedStatus)
}

function hasAgent({ containers, initContainers = [] }: DecisivePod): boolean {
  const names: readonly string[] = Object.values(agentContainerNames)
  return [...containers, ...initContainers].some(({ name }) => names.includes(name))
}

/** vault-k8s has no scruple about its own namespace. */
function checkNamespace({ namespace, profile, ownNamespace = '' }: Question): Decision | undefined {
  const own = ownNamespace === '' || profile.lenient ? [] : [ownNamespace]
  const denied = [...new Set([...deniedNamespaces, ...own])]
  if (!denied.includes(namespace.name)) return undefined
  const problem: Problem = {
    code: 'system_namespace',
    path: 'metadata.namespace',
    expected: `a namespace other than ${joinWords(denied)}`,
    got: namespace.name,
    ...(namespace.name === own[0] ? { hint: 'the webhook itself runs there' } : {}),
    stage: 'namespace',
  }
  return { kind: 'deny', reason: 'system_namespace', problems: [problem] }
}

/** Only a request that is none of the API server's has no namespace. */
function checkNamespaceName({ namespace, profile }: Question): Decision | undefined {
  if (namespace.name !== '' || !profile.lenient) return undefined
  const problem: Problem = {
    code: 'namespace_missing',
    path: 'request.namespace',
    expected: 'the namespace of the pod',
    stage: 'defaults',
  }
  return { kind: 'deny', reason: 'request_invalid', problems: [problem] }
}

function joinWords(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
