/** Pods as the webhook injects them with our own agent, or a stock one. */
import { mutate } from '../../webhook/inject/mutate.ts'
import { nameNamespace } from '../../webhook/inject/namespace.ts'
import type { WebhookDefaults } from '../../webhook/inject/profiles.ts'
import { createDefaults } from './webhook-defaults.ts'

/** Without prefix; undefined takes back what every pod here has. */
export type Annotations = Readonly<Record<string, string | undefined>>

const operator = { address: 'https://vault:8200', image: 'agent:1' }
export const ours = createDefaults(operator)
export const stock: WebhookDefaults = { ...ours, flavour: 'vault' }
export const oursInStockProfile: WebhookDefaults = {
  ...createDefaults({ ...operator, profile: 'vault-k8s' }),
  flavour: 'claviger',
}
const prefix = 'vault.hashicorp.com/'
export const tokenMount = { name: 'sa', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }
const tokenVolume = {
  name: 'sa',
  projected: { sources: [{ serviceAccountToken: { path: 'token' } }] },
}

export function admit(given: Annotations, spec: object = {}, defaults: WebhookDefaults = ours) {
  const all = { 'agent-inject': 'true', role: 'app', 'agent-inject-secret-a': 'secret/a', ...given }
  const prefixed = Object.entries<string | undefined>(all).flatMap(([key, value]) =>
    value === undefined ? [] : [[prefix + key, value]],
  )
  const pod = {
    metadata: { annotations: Object.fromEntries(prefixed) },
    spec: {
      containers: [{ name: 'app', volumeMounts: [tokenMount] }],
      volumes: [tokenVolume],
      ...spec,
    },
  }
  return mutate(pod, nameNamespace('default'), defaults)
}

/** The configurations of init container and sidecar, the names of the volumes, the warnings. */
export function inject(...given: Parameters<typeof admit>) {
  const outcome = admit(...given)
  if (outcome.kind !== 'injected') throw new Error(JSON.stringify(outcome))
  const text = JSON.stringify(outcome.patch)
  const configs = new Map(
    [...text.matchAll(/"name":"VAULT_CONFIG","value":"([^"]*)"/g)].map(([, value = '']) => {
      const config = JSON.parse(Buffer.from(value, 'base64').toString())
      return [config.exit_after_auth ? 'init' : 'sidecar', config] as const
    }),
  )
  const volumes = [...text.matchAll(/"path":"\/spec\/volumes\/-","value":\{"name":"([^"]*)"/g)]
  return {
    init: configs.get('init'),
    sidecar: configs.get('sidecar'),
    volumes: volumes.map(([, name]) => name),
    patch: outcome.patch,
    warnings: outcome.warnings,
  }
}

/** Annotations without prefix that the pod is denied for. */
export function refused(...given: Parameters<typeof admit>): readonly string[] {
  const outcome = admit(...given)
  return outcome.kind === 'denied' ? outcome.issues.map(({ path }) => path.replace(prefix, '')) : []
}
