/** The kinds of object that make pods, and where they keep the pod. */
import type { Issue, Parsed } from '../../core/issue.ts'

export interface PodKind {
  /** API groups without version; the core group is empty. */
  readonly groups: readonly string[]
  readonly kind: string
  /** From the object to what looks like a pod: `metadata` and `spec`. */
  readonly path: readonly string[]
}

const inSpec = ['spec', 'template']

/** Source: Kubernetes 1.36; Argo Rollouts v1alpha1, Knative Serving v1, OpenShift apps.openshift.io/v1. */
export const podKinds: readonly PodKind[] = [
  { groups: [''], kind: 'Pod', path: [] },
  { groups: [''], kind: 'PodTemplate', path: ['template'] },
  { groups: [''], kind: 'ReplicationController', path: inSpec },
  { groups: ['apps', 'extensions'], kind: 'Deployment', path: inSpec },
  { groups: ['apps', 'extensions'], kind: 'DaemonSet', path: inSpec },
  { groups: ['apps', 'extensions'], kind: 'ReplicaSet', path: inSpec },
  { groups: ['apps'], kind: 'StatefulSet', path: inSpec },
  { groups: ['batch'], kind: 'Job', path: inSpec },
  { groups: ['batch'], kind: 'CronJob', path: ['spec', 'jobTemplate', ...inSpec] },
  { groups: ['argoproj.io'], kind: 'Rollout', path: inSpec },
  { groups: ['serving.knative.dev'], kind: 'Service', path: inSpec },
  { groups: ['serving.knative.dev'], kind: 'Configuration', path: inSpec },
  { groups: ['apps.openshift.io'], kind: 'DeploymentConfig', path: inSpec },
]

/** An object without `apiVersion` counts as one of Kubernetes' own. */
export function findPodKind(
  kinds: readonly PodKind[],
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
): PodKind | undefined {
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : ''
  return kinds.find(
    (row) =>
      row.kind === kind &&
      (row.groups.includes(group) ||
        (apiVersion === '' && row.groups.every((name) => !name.includes('.')))),
  )
}

/** `Group/Kind=path.to.template` or, for the core group, `Kind=path`; `=.` when the object itself looks like a pod. */
export function parsePodKind(text: string): Parsed<PodKind> {
  const match = /^(?:([a-z\d.-]+)\/)?([A-Z][A-Za-z\d]*)=(\.|[A-Za-z][\w.-]*)$/.exec(text)
  if (match === null) {
    const issue: Issue = {
      code: 'flag',
      path: '-kind',
      expected: 'Group/Kind=path',
      hint: 'for example -kind=argoproj.io/Rollout=spec.template',
    }
    return { kind: 'issues', issues: [issue] }
  }
  const [, group = '', kind = '', path = ''] = match
  const steps = path === '.' ? [] : path.split('.')
  return { kind: 'ok', value: { groups: [group], kind, path: steps } }
}
