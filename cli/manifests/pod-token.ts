/** The ServiceAccount token that the API server mounts into a pod before any webhook sees it, and manifests leave to it. */
import { isObject } from '../../core/plain-object.ts'
import { read } from './objects.ts'

/** The API server takes a volume whose name begins like that for its own, and mounts no second one. */
const volumeName = 'kube-api-access-claviger'
const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount'

/**
 * The pod as the webhook would be given it; undefined when it refuses the token.
 * Source: Kubernetes, admission plugin ServiceAccount.
 */
export function mountPodToken(pod: unknown): unknown {
  const spec = read(pod, ['spec'])
  if (!isObject(pod) || !isObject(spec) || spec['automountServiceAccountToken'] === false) {
    return undefined
  }
  const mounted: Record<string, unknown> = { ...spec }
  for (const list of ['initContainers', 'containers']) {
    const containers = spec[list]
    if (Array.isArray(containers)) mounted[list] = containers.map(mountInto)
  }
  const volumes = Array.isArray(spec['volumes']) ? spec['volumes'] : []
  mounted['volumes'] = [...volumes, { name: volumeName, projected: { defaultMode: 420, sources } }]
  return { ...pod, spec: mounted }
}

const sources = [
  { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
  { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
  {
    downwardAPI: {
      items: [
        { path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } },
      ],
    },
  },
]

/** A container that mounts something there already keeps it. */
function mountInto(container: unknown): unknown {
  if (!isObject(container)) return container
  const present = container['volumeMounts']
  const mounts: readonly unknown[] = Array.isArray(present) ? present : []
  if (mounts.some((mount) => read(mount, ['mountPath']) === mountPath)) return container
  const mount = { name: volumeName, readOnly: true, mountPath }
  return { ...container, volumeMounts: [...mounts, mount] }
}
