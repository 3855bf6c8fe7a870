/** The API server's part of the demo: the pod of a Deployment, sent to the webhook as an AdmissionReview. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import type { V1Deployment, V1Pod } from '@kubernetes/client-node'
import jsonPatch from 'fast-json-patch'
import { loadAll } from 'js-yaml'

export interface WebhookAddress {
  readonly port: number
  /** PEM of the CA that signed the webhook's certificate. */
  readonly ca: string
}

export interface Admission {
  readonly pod: V1Pod
  readonly operations: number
  readonly warnings: readonly string[]
}

/** The pod that the Deployment's controller would create, with `annotations` added. */
export function podOfDeployment(
  path: string,
  annotations: Readonly<Record<string, string>>,
): V1Pod {
  // The example is ours; its shape is proven by the end-to-end suite.
  const documents = loadAll(readFileSync(path, 'utf8')) as readonly V1Deployment[]
  const deployment = documents.find(({ kind }) => kind === 'Deployment')
  const { metadata, spec } = deployment?.spec?.template ?? {}
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...metadata,
      name: `${deployment?.metadata?.name}-demo`,
      annotations: { ...metadata?.annotations, ...annotations },
    },
    ...(spec === undefined ? {} : { spec }),
  }
}

/** Throws with the webhook's message when the pod is denied. */
export async function admitPod(
  webhook: WebhookAddress,
  pod: V1Pod,
  namespace: string,
): Promise<Admission> {
  const uid = randomUUID()
  const review = {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid,
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: { group: '', version: 'v1', resource: 'pods' },
      operation: 'CREATE',
      namespace,
      object: pod,
    },
  }
  const { response } = JSON.parse(await post(webhook, JSON.stringify(review)))
  if (response.uid !== uid || response.allowed !== true) {
    throw new Error(`the webhook denied the pod: ${response.status?.message}`)
  }
  const patch = JSON.parse(Buffer.from(response.patch, 'base64').toString())
  const patched = jsonPatch.applyPatch(pod, patch, true, false).newDocument
  return { pod: patched, operations: patch.length, warnings: response.warnings ?? [] }
}

function post({ port, ca }: WebhookAddress, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    }
    const options = { host: '127.0.0.1', port, path: '/mutate', method: 'POST', headers, ca }
    const outgoing = request({ ...options, servername: 'localhost' }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve(Buffer.concat(chunks).toString()))
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
