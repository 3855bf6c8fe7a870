/** Objects with faults for `claviger doctor`, in a namespace of their own. */
import { createCa } from '../../../webhook/tls/x509.ts'
import { release } from '../claviger.ts'

export const namespace = 'doctor'
export const role = 'doctor'
const prefix = 'vault.hashicorp.com'

type Annotations = Readonly<Record<string, string>>

const container = {
  name: 'app',
  image: 'docker.io/library/busybox:1.37',
  imagePullPolicy: 'Never',
  command: ['/bin/sleep', '2147483647'],
}

/** Of a pod that asks for `path` by `role`. */
export const asks = (path: string, more: Annotations = {}): Annotations => ({
  [`${prefix}/agent-inject`]: 'true',
  [`${prefix}/role`]: role,
  [`${prefix}/agent-inject-secret-key`]: path,
  ...Object.fromEntries(Object.entries(more).map(([key, value]) => [`${prefix}/${key}`, value])),
})

const template = (annotations: Annotations, labels: Annotations) => ({
  metadata: { annotations, labels },
  spec: { serviceAccountName: 'app', terminationGracePeriodSeconds: 1, containers: [container] },
})

/** Without pods: what is examined is the template. */
export function plantDeployment(name: string, annotations: Annotations, own: Annotations = {}) {
  const labels = { planted: name }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, annotations: own },
    spec: {
      replicas: 0,
      selector: { matchLabels: labels },
      template: template(annotations, labels),
    },
  }
}

export function plantPod(name: string, annotations: Annotations, more: object = {}) {
  const { metadata, spec } = template(annotations, { planted: name })
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, name, namespace },
    spec: { ...spec, ...more },
  }
}

/** An init container of a pod that nobody injected: a native sidecar on a cluster that does not know them. */
export const nativeUnknown = {
  initContainers: [{ ...container, name: 'vault-agent' }],
}

export interface PlantedWebhook {
  readonly service?: string
  readonly caBundle?: string
  readonly failurePolicy?: 'Fail' | 'Ignore'
  /** Of namespaces; by default none has it. */
  readonly selects?: Annotations
  readonly expression?: string
}

/** A second installation beside the real one: `-release` chooses it. It is called for no pods, unless it selects some. */
export function plantRelease(name: string, given: PlantedWebhook) {
  const { service = `${release.name}-webhook`, failurePolicy = 'Fail', expression } = given
  const { selects = { planted: name }, caBundle } = given
  const bundle =
    caBundle === undefined ? {} : { caBundle: Buffer.from(caBundle).toString('base64') }
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: `doctor-${name}`, labels: labelsOf(name) },
    webhooks: [
      {
        name: `${name}.doctor.claviger.dev`,
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        failurePolicy,
        timeoutSeconds: 5,
        clientConfig: {
          service: { name: service, namespace: release.namespace, path: '/mutate' },
          ...bundle,
        },
        namespaceSelector: { matchLabels: selects },
        rules: [
          { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] },
        ],
        ...(expression === undefined ? {} : { matchConditions: [{ name: 'planted', expression }] }),
      },
    ],
  }
}

/** Matches nothing, and has no binding. */
export function plantPolicy(name: string) {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: `doctor-${name}`, labels: labelsOf(name) },
    spec: {
      matchConstraints: {
        resourceRules: [
          { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] },
        ],
        namespaceSelector: { matchLabels: { planted: name } },
      },
      validations: [{ expression: 'true' }],
    },
  }
}

const dayMs = 86_400_000

/** A CA that ends so many days from now. */
export function plantCa(days: number): string {
  const notAfter = Date.now() + days * dayMs
  return createCa('Planted CA', { notBefore: notAfter - 30 * dayMs, notAfter }).cert
}

function labelsOf(name: string) {
  return {
    'app.kubernetes.io/name': 'claviger',
    'app.kubernetes.io/component': 'webhook',
    'app.kubernetes.io/instance': `doctor-${name}`,
  }
}
