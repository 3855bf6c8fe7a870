/** What an API server sends to an injector. */
import { podOfDeployment } from '../../../cli/demo/admission.ts'

const tokenMount = {
  name: 'kube-api-access-x7k2p',
  mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
  readOnly: true,
}

/**
 * The example's pod with the token of its ServiceAccount, which comes before any webhook. Its own container is followed by others
 * like it up to `containers`.
 */
export function buildReview(containers: number): Buffer {
  const pod = podOfDeployment('manifests/examples/deployment.yaml', {})
  const sources = [{ serviceAccountToken: { expirationSeconds: 3607, path: 'token' } }]
  const volume = { name: tokenMount.name, projected: { defaultMode: 420, sources } }
  const own = pod.spec?.containers[0]
  if (own === undefined) throw new Error('the example has no container')
  const mounted = { ...own, volumeMounts: [...(own.volumeMounts ?? []), tokenMount] }
  const others = Array.from({ length: containers - 1 }, (_, at) => ({
    ...mounted,
    name: `${own.name}-${at + 2}`,
  }))
  const spec = {
    ...pod.spec,
    volumes: [...(pod.spec?.volumes ?? []), volume],
    containers: [mounted, ...others],
  }
  const review = {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: '6f8a5f0e-6a1c-4a6e-9a0e-1f1f5a1f6b2c',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: { group: '', version: 'v1', resource: 'pods' },
      operation: 'CREATE',
      namespace: 'bench',
      userInfo: { username: 'system:serviceaccount:kube-system:replicaset-controller' },
      object: { ...pod, spec },
      oldObject: null,
      dryRun: false,
    },
  }
  return Buffer.from(JSON.stringify(review))
}
