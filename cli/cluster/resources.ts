/** The resources of the Kubernetes API that the verbs ask for: where they are and what comes back. */
import type {
  V1Deployment,
  V1EndpointSlice,
  V1MutatingWebhookConfiguration,
  V1Namespace,
  V1Pod,
  V1ReplicaSet,
  V1Service,
  V1ServiceAccount,
  V1ValidatingAdmissionPolicy,
  V1ValidatingAdmissionPolicyBinding,
} from '@kubernetes/client-node'

/** Resource → object, as the API server writes it: times are texts here. */
export interface Objects {
  readonly pods: V1Pod
  readonly services: V1Service
  readonly serviceaccounts: V1ServiceAccount
  readonly namespaces: V1Namespace
  readonly deployments: V1Deployment
  readonly statefulsets: V1Deployment
  readonly daemonsets: V1Deployment
  readonly replicasets: V1ReplicaSet
  readonly jobs: V1Deployment
  readonly cronjobs: unknown
  readonly endpointslices: V1EndpointSlice
  readonly mutatingwebhookconfigurations: V1MutatingWebhookConfiguration
  readonly validatingadmissionpolicies: V1ValidatingAdmissionPolicy
  readonly validatingadmissionpolicybindings: V1ValidatingAdmissionPolicyBinding
  readonly selfsubjectreviews: unknown
}

export type Resource = keyof Objects

/** Resource → group and version as paths have them. */
const groups: Readonly<Record<Resource, string>> = {
  pods: 'api/v1',
  services: 'api/v1',
  serviceaccounts: 'api/v1',
  namespaces: 'api/v1',
  deployments: 'apis/apps/v1',
  statefulsets: 'apis/apps/v1',
  daemonsets: 'apis/apps/v1',
  replicasets: 'apis/apps/v1',
  jobs: 'apis/batch/v1',
  cronjobs: 'apis/batch/v1',
  endpointslices: 'apis/discovery.k8s.io/v1',
  mutatingwebhookconfigurations: 'apis/admissionregistration.k8s.io/v1',
  validatingadmissionpolicies: 'apis/admissionregistration.k8s.io/v1',
  validatingadmissionpolicybindings: 'apis/admissionregistration.k8s.io/v1',
  selfsubjectreviews: 'apis/authentication.k8s.io/v1',
}

/** One object, or with neither name nor namespace all of a resource. */
export interface Place {
  readonly namespace?: string | undefined
  readonly name?: string
  readonly subresource?: string
}

export function pathOf(resource: Resource, { namespace, name, subresource }: Place): string {
  const steps = [
    ...(namespace === undefined ? [] : ['namespaces', namespace]),
    resource,
    ...(name === undefined ? [] : [name]),
    ...(subresource === undefined ? [] : [subresource]),
  ]
  return `/${groups[resource]}/${steps.map(encodeURIComponent).join('/')}`
}

/** As RBAC names it: `deployments.apps`, `pods/exec`. */
export function nameResource(resource: Resource, subresource?: string): string {
  const [, group = ''] = /^apis\/([^/]+)\//.exec(groups[resource]) ?? []
  const whole = group === '' ? resource : `${resource}.${group}`
  return subresource === undefined ? whole : `${whole}/${subresource}`
}
