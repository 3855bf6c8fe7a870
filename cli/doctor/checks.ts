/** The table of what `claviger doctor` examines: what is wrong when a check fails, how bad it is, and how it is mended. docs/cli.md lists it. */

export const areas = [
  'installation',
  'certificates',
  'admission',
  'pods',
  'agents',
  'store',
  'values',
] as const
export type Area = (typeof areas)[number]

export interface Check {
  readonly area: Area
  /** A `problem` makes the exit code 1. */
  readonly severity: 'problem' | 'warning'
  /** What is said when nothing is wrong. */
  readonly passes: string
  readonly fails: string
  readonly fix: string
}

type Texts = readonly [passes: string, fails: string, fix: string]

const problem = (area: Area, [passes, fails, fix]: Texts): Check => ({
  area,
  severity: 'problem',
  passes,
  fails,
  fix,
})
const warning = (area: Area, texts: Texts): Check => ({
  ...problem(area, texts),
  severity: 'warning',
})

/** Check → what it is about, in the order in which it is told. */
export const checks = {
  'not-installed': problem('installation', [
    'a MutatingWebhookConfiguration of Claviger is there',
    'no MutatingWebhookConfiguration has the labels of Claviger',
    'Install the chart, or choose another cluster with -context.',
  ]),
  'service-missing': problem('installation', [
    'the Service of the webhook is there',
    'the Service that the webhook configuration names does not exist',
    'helm upgrade makes it again; where it has another name, correct clientConfig.service.',
  ]),
  'no-endpoints': problem('installation', [
    'the Service has ready endpoints',
    'no pod of the webhook is ready behind its Service',
    'Look at the pods of the webhook and their log.',
  ]),
  'replicas-unready': warning('installation', [
    'all replicas of the webhook are ready',
    'not all replicas of the webhook are ready',
    'Look at the pods of the webhook and their log.',
  ]),
  'failure-policy-open': problem('installation', [
    'a pod that the webhook could not see does not start without secrets',
    'with failurePolicy Ignore and no policy that denies, pods start without their secrets whenever the webhook fails',
    'Set failurePolicy to Fail, or let the chart make its ValidatingAdmissionPolicy (Kubernetes 1.30 or newer).',
  ]),
  'policy-not-bound': problem('installation', [
    'the admission policy is bound and denies',
    'the admission policy has no binding that denies, so it does nothing',
    'helm upgrade makes the ValidatingAdmissionPolicyBinding again; its validationActions must have Deny.',
  ]),
  disarmed: warning('installation', [
    'webhook and policy are armed',
    'break-glass: nothing is injected, and annotated pods start without their secrets',
    'It ends by itself; claviger break-glass -end ends it now. Restart what started meanwhile.',
  ]),
  'ca-bundle-missing': problem('certificates', [
    'every webhook entry has a CA bundle',
    'a webhook entry has no CA bundle, so the API server trusts no certificate of it',
    'The webhook writes it within a minute: look at its log and at the permissions of its ServiceAccount. With mounted certificates set -tls-ca-cert-file; with cert-manager look at its annotation.',
  ]),
  'ca-bundle-invalid': problem('certificates', [
    'the CA bundles can be read',
    'a CA bundle is not PEM with certificates',
    'Remove caBundle from the entry: the webhook or cert-manager writes it again.',
  ]),
  'ca-expired': problem('certificates', [
    'the CA is valid',
    'all certificates of a CA bundle have expired',
    'Restart the webhook, which renews its own CA; renew one of your own.',
  ]),
  'ca-expires': warning('certificates', [
    'the CA is valid for two weeks and more',
    'the CA expires within two weeks',
    'The webhook renews its own at two thirds of its life: look at its log. Renew one of your own.',
  ]),
  'certificate-untrusted': problem('certificates', [
    'the CA bundle verifies the certificate that is served',
    'the CA bundle does not verify the certificate that is served, so the API server refuses the connection',
    'Restart the webhook, which writes the bundle again; with certificates of your own make -tls-ca-cert-file fit.',
  ]),
  'certificate-expires': warning('certificates', [
    'the certificate that is served is renewed in time',
    'the certificate that is served expires soon',
    'The webhook renews its own at half of its week: look at its log. Renew a mounted one, and look at cert-manager.',
  ]),
  'injection-fails': problem('admission', [
    'the API server injects a pod in a dry run',
    'the API server does not inject an annotated pod in a dry run',
    'The message says what refused it, or which condition leaves it out.',
  ]),
  'pod-left-out': problem('admission', [
    'rules and selectors cover the pod',
    'rules or selectors of the webhook configuration leave the pod out',
    'Change the labels of pod or namespace, or the selectors in the values of the chart.',
  ]),
  'not-injected': problem('pods', [
    'every annotated pod has an agent',
    'the pod asks for an agent and has none',
    'Make it anew; pods are injected only when they are created.',
  ]),
  'annotation-misplaced': warning('pods', [
    'no annotation stands on a workload',
    'an annotation stands on the workload instead of its pod template',
    'Move it to metadata.annotations of the template: the webhook sees pods only.',
  ]),
  'annotation-problem': problem('pods', [
    'the webhook accepts the annotations',
    'the webhook refuses the annotations',
    'claviger validate says the same of manifests, before they are applied.',
  ]),
  'annotation-warning': warning('pods', [
    'no annotation is without effect',
    'an annotation has no effect or an unwanted one',
    'claviger annotations KEY describes it.',
  ]),
  'agent-stuck': problem('agents', [
    'no agent waits for its first secrets',
    'the agent cannot render its first secrets, so the pod does not start',
    'docs/errors.md explains the code; the log of the container has path and status.',
  ]),
  'agent-failing': warning('agents', [
    'every agent refreshes its secrets',
    'the agent cannot refresh its secrets; the files stay as they were',
    'docs/errors.md explains the code; the log of the container has path and status.',
  ]),
  'agent-crashes': problem('agents', [
    'no agent restarts again and again',
    'the agent ends and is restarted again and again',
    'Look at the log of its last run.',
  ]),
  'agent-out-of-memory': warning('agents', [
    'no agent ran out of memory',
    'the agent was killed for want of memory',
    'Raise agent-limits-mem; the memory volumes count against it.',
  ]),
  'image-not-pulled': problem('agents', [
    'the image of the agents is there',
    'the image of the agent cannot be pulled',
    'Correct injector.agentImage or agent-image, or give credentials with agent-image-pull-secrets.',
  ]),
  'volume-full': problem('agents', [
    'no pod was evicted for a full secrets volume',
    'the pod was evicted because a volume of secrets was full',
    'Raise agent-secret-volume-size-limit or write less.',
  ]),
  'native-sidecar-unsupported': problem('agents', [
    'native sidecars are known to the cluster',
    'the cluster took a native sidecar for an ordinary init container, which never ends',
    'Set agent-native-sidecar to off; Kubernetes knows them since 1.29.',
  ]),
  'agent-not-reachable': warning('agents', [
    'every agent could be asked',
    'an agent could not be asked',
    'Look at the node’s kubelet.',
  ]),
  'store-unreachable': problem('store', [
    'the store answers',
    'the store does not answer',
    'Correct the address (injector.externalVaultAddr or the annotation service), DNS or the network policy; -vault-address examines another one.',
  ]),
  'store-untrusted': problem('store', [
    'the certificate of the store is trusted',
    'the certificate of the store is not trusted',
    'Give the agents its CA: the value of the chart, or the annotations ca-cert and tls-secret.',
  ]),
  'store-sealed': problem('store', [
    'the store is initialised and unsealed',
    'the store is sealed or not initialised',
    'Unseal it: vault operator unseal.',
  ]),
  'auth-mount-missing': problem('store', [
    'an auth method is mounted where the agent logs in',
    'no auth method is mounted where the agent logs in',
    'Mount it, or correct injector.authPath or the annotation auth-path.',
  ]),
  'role-missing': problem('store', [
    'the role exists',
    'the role does not exist in the store',
    'Make it, or correct the annotation role.',
  ]),
  'role-not-bound': problem('store', [
    'the role is bound to the ServiceAccount and namespace',
    'the role is not bound to the ServiceAccount or namespace of the pod',
    'Add them to the role.',
  ]),
  'role-too-wide': warning('store', [
    'the role is bound to named ServiceAccounts and namespaces',
    'the role is open to every ServiceAccount or every namespace',
    'Name them: whoever may create pods anywhere gets its secrets.',
  ]),
  'audience-wrong': problem('store', [
    'the role takes the audience of the token',
    'the role wants another audience than the token of the agent has',
    'Set the annotation agent-token-audience, or -agent-token-audience for all pods, to the audience of the role.',
  ]),
  'login-refused': problem('store', [
    'the store lets the pod in',
    'the store refuses the login of the pod',
    'Look at the auth method: kubernetes_host, its CA, and the permission of the reviewer (system:auth-delegator).',
  ]),
  'path-forbidden': problem('store', [
    'the policies of the role allow every path that the pod asks for',
    'the policies of the role do not allow a path that the pod asks for',
    'Allow it in a policy of the role.',
  ]),
  'secret-missing': problem('store', [
    'every static secret that the pod asks for exists',
    'a secret that the pod asks for does not exist',
    'Write it, or correct the path; agent-inject-optional-<name> lets the pod start without it.',
  ]),
  'value-encoded-twice': warning('values', [
    'no value is encoded twice',
    'a value is base64 of base64',
    'Write it once: tools that encode by themselves were given what was encoded already.',
  ]),
  'value-json-in-json': warning('values', [
    'no value is JSON within a JSON string',
    'a value is a JSON string that holds JSON',
    'Write the object itself, not its text in quotes.',
  ]),
  'value-ends-in-newline': warning('values', [
    'no value ends in a line break',
    'a value of one line ends in a line break',
    'Write it again without: printf instead of echo.',
  ]),
  'quoted-text': warning('values', [
    'no key and no value has quotes around it',
    'a key or value has quotes around it that are part of it',
    'Write it again without the quotes.',
  ]),
} as const satisfies Record<string, Check>

export type CheckId = keyof typeof checks

/** Checks by what is found first; `Object.entries` loses the type of the key. */
export const checkIds = Object.keys(checks) as CheckId[]
