/** The Kubernetes API through the official client. */
import {
  AdmissionregistrationV1Api,
  ApiException,
  CoreV1Api,
  type KubeConfig,
  PatchStrategy,
  setHeaderOptions,
} from '@kubernetes/client-node'
import { AppError, systemCode } from '../../core/errors.ts'
import type { Cluster } from './cluster.ts'

export interface ClusterNames {
  readonly namespace: string
  readonly secret: string
  readonly webhookConfiguration: string
}

const rotateKey = 'claviger.dev/rotate-ca'

/**
 * Needs `get` and `patch` on the two objects, by name. A Secret that may not be patched is replaced, because vault-helm's Role has
 * `update` instead.
 */
export function createCluster(config: KubeConfig, names: ClusterNames): Cluster {
  const core = config.makeApiClient(CoreV1Api)
  const admission = config.makeApiClient(AdmissionregistrationV1Api)
  const secret = { namespace: names.namespace, name: names.secret }
  const configuration = { name: names.webhookConfiguration }
  return {
    readSecret: async () => {
      const { metadata, data } = await call('read Secret', secret.name, () =>
        core.readNamespacedSecret(secret),
      )
      return {
        resourceVersion: metadata?.resourceVersion ?? '',
        entries: decodeEntries(data),
        wantsRotation: metadata?.annotations?.[rotateKey] !== undefined,
      }
    },
    writeSecret: async ({ resourceVersion, entries, wantsRotation }) => {
      // Null takes a field away. Source: RFC 7396, section 2.
      const done = wantsRotation ? { annotations: { [rotateKey]: null } } : {}
      const body = { metadata: { resourceVersion, ...done }, data: encodeEntries(entries) }
      const options = setHeaderOptions('Content-Type', PatchStrategy.MergePatch)
      const patch = () => core.patchNamespacedSecret({ ...secret, body }, options)
      const replace = async () => {
        const current = await core.readNamespacedSecret(secret)
        const { [rotateKey]: _, ...annotations } = current.metadata?.annotations ?? {}
        const metadata = { ...current.metadata, annotations, resourceVersion }
        const data = { ...current.data, ...body.data }
        await core.replaceNamespacedSecret({ ...secret, body: { ...current, metadata, data } })
      }
      return call('write Secret', secret.name, patch)
        .catch((thrown: unknown) => {
          if (!hasStatus(thrown, 403)) throw thrown
          return call('write Secret', secret.name, replace)
        })
        .then(() => 'written' as const)
        .catch(catchConflict)
    },
    readWebhooks: async () => {
      const { webhooks = [] } = await call('read webhooks', configuration.name, () =>
        admission.readMutatingWebhookConfiguration(configuration),
      )
      return webhooks.map(({ name, clientConfig }) => ({
        name,
        caBundle: decode(clientConfig.caBundle),
      }))
    },
    writeCaBundle: async (bundle, entries) => {
      const body = entries.flatMap(({ index, name }) => [
        { op: 'test', path: `/webhooks/${index}/name`, value: name },
        { op: 'add', path: `/webhooks/${index}/clientConfig/caBundle`, value: encode(bundle) },
      ])
      const options = setHeaderOptions('Content-Type', PatchStrategy.JsonPatch)
      await call('write webhooks', configuration.name, () =>
        admission.patchMutatingWebhookConfiguration({ ...configuration, body }, options),
      )
    },
  }
}

/** Only the status and a system code leave here: an answer's body may quote the object. */
async function call<T>(operation: string, name: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request()
  } catch (thrown) {
    const status = thrown instanceof ApiException ? { status: thrown.code } : {}
    const cause = findSystemCode(thrown)
    throw new AppError(
      'kubernetes_refused',
      { operation, name, ...status, ...(cause === undefined ? {} : { cause }) },
      { cause: thrown },
    )
  }
}

/** undici wraps the error of the socket. */
function findSystemCode(thrown: unknown): string | undefined {
  const own = systemCode(thrown)
  if (own !== undefined || !(thrown instanceof Error)) return own
  return systemCode(thrown.cause)
}

function catchConflict(thrown: unknown): 'conflict' {
  if (hasStatus(thrown, 409)) return 'conflict'
  throw thrown
}

function hasStatus(thrown: unknown, status: number): boolean {
  return thrown instanceof AppError && thrown.facts['status'] === status
}

function decodeEntries(data: Readonly<Record<string, string>> = {}): ReadonlyMap<string, string> {
  return new Map(Object.entries(data).map(([name, value]) => [name, decode(value) ?? '']))
}

function encodeEntries(entries: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...entries].map(([name, value]) => [name, encode(value)]))
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64')
}

function decode(base64: string | undefined): string | undefined {
  return base64 === undefined || base64 === ''
    ? undefined
    : Buffer.from(base64, 'base64').toString('utf8')
}
