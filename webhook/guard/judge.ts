/** Whether a pod that exists should have been injected: by the decision that the webhook makes when a pod is created. */
import { decide, findInjectedStatus } from '../inject/decide.ts'
import { nameNamespace } from '../inject/namespace.ts'
import type { Profile } from '../inject/profiles.ts'
import type { Controller, ObjectMetadata } from '../kube/object-metadata.ts'

/**
 * `missed` asks for injection and was not injected; `invalid` asks in a way that the webhook would have denied, so a pod in its
 * place would be refused; `injected` says that it is; `unconcerned` is everything else.
 */
export type Judgement = 'missed' | 'invalid' | 'injected' | 'unconcerned'

/** What is known of a pod once it is judged. */
export interface JudgedPod {
  readonly uid: string
  readonly namespace: string
  readonly name: string
  /** Milliseconds since the epoch, in whole seconds. */
  readonly createdAt: number
  readonly controller: Controller | undefined
  readonly judgement: Judgement
}

export interface Judge {
  readonly profile: Profile
  /** The guard's own; empty where it is not known. */
  readonly ownNamespace: string
}

/** Set by the kubelet on the image of a pod that a file of the node asks for. Source: kubernetes.io/config.mirror. */
const mirrorAnnotation = 'kubernetes.io/config.mirror'

export function judgePod(metadata: ObjectMetadata, judge: Judge): JudgedPod {
  const { uid, namespace, name, createdAt, controller } = metadata
  return { uid, namespace, name, createdAt, controller, judgement: findJudgement(metadata, judge) }
}

function findJudgement(
  { annotations, namespace, isBeingDeleted }: ObjectMetadata,
  { profile, ownNamespace }: Judge,
): Judgement {
  if (isBeingDeleted || annotations.has(mirrorAnnotation)) return 'unconcerned'
  if (findInjectedStatus({ annotations }, profile) !== undefined) return 'injected'
  if (namespace === ownNamespace) return 'unconcerned'
  // As it was when it was created: pending, and without an agent.
  const pod = { annotations, phase: '', containers: [], initContainers: undefined }
  const decision = decide({ pod, namespace: nameNamespace(namespace), profile })
  if (decision.kind === 'inject') return 'missed'
  return decision.kind === 'deny' && decision.reason === 'request_invalid'
    ? 'invalid'
    : 'unconcerned'
}
