/** The two objects of the Kubernetes API that the webhook uses, with resource versions and conflicts as the real one has them. */
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { createServer } from 'node:https'
import { KubeConfig } from '@kubernetes/client-node'
import jsonPatch from 'fast-json-patch'
import { createTestCertificate } from './certificates.ts'

export interface FakeApiServer {
  readonly config: KubeConfig
  /** `METHOD path content-type`, in order. */
  readonly requests: readonly string[]
  readonly secretData: () => Readonly<Record<string, string>>
  /** PEM of each webhook. */
  readonly bundles: () => readonly (string | undefined)[]
  /** Answers everything with this status until it is undefined again. */
  fail: number | undefined
  /** Whether the Secret may be replaced but not patched, as under vault-helm's Role. */
  replaceOnly: boolean
  /** Runs before the next write of the Secret is looked at. */
  beforeWrite: (() => void) | undefined
  readonly touchSecret: () => void
  readonly annotateSecret: (added: Readonly<Record<string, string>>) => void
  readonly secretAnnotations: () => Readonly<Record<string, string>>
  readonly close: () => Promise<void>
}

export const names = { namespace: 'ns', secret: 'certs', webhookConfiguration: 'cfg' }

export async function startFakeApiServer(): Promise<FakeApiServer> {
  let version = 1
  let data: Record<string, string> = {}
  let annotations: Record<string, string> = {}
  const configuration = {
    metadata: { name: 'cfg' },
    webhooks: [
      { name: 'a.claviger.dev', clientConfig: { service: { name: 's' } } },
      { name: 'b.claviger.dev', clientConfig: { caBundle: '' } },
    ],
  }
  const requests: string[] = []
  const writeSecret = (method: string | undefined, body: string): number | undefined => {
    if (method === 'PATCH' && fake.replaceOnly) return 403
    fake.beforeWrite?.()
    const given = JSON.parse(body)
    if (given.metadata.resourceVersion !== String(version)) return 409
    data = method === 'PUT' ? given.data : { ...data, ...given.data }
    const named = { ...(method === 'PUT' ? {} : annotations), ...given.metadata.annotations }
    const kept = Object.entries<string | null>(named).flatMap(([key, value]) =>
      value === null ? [] : [[key, value] as const],
    )
    annotations = Object.fromEntries(kept)
    version += 1
    return undefined
  }
  const answer = (method: string | undefined, path: string, body: string): [number, unknown] => {
    if (fake.fail !== undefined) return [fake.fail, { kind: 'Status', message: 'CANARY' }]
    if (path === '/api/v1/namespaces/ns/secrets/certs') {
      const refused = method === 'GET' ? undefined : writeSecret(method, body)
      if (refused !== undefined) return [refused, { kind: 'Status' }]
      const metadata = { name: 'certs', resourceVersion: String(version), annotations }
      return [200, { metadata, data }]
    }
    if (method === 'PATCH') jsonPatch.applyPatch(configuration, JSON.parse(body), true)
    return [200, configuration]
  }
  const { ca, pair } = createTestCertificate()
  const server = createServer(pair, async (request, response) => {
    const path = request.url ?? ''
    requests.push(`${request.method} ${path} ${request.headers['content-type'] ?? ''}`.trim())
    const [status, value] = answer(request.method, path, await readText(request))
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const config = new KubeConfig()
  config.loadFromClusterAndUser(
    {
      name: 'fake',
      server: `https://127.0.0.1:${port}`,
      caData: Buffer.from(ca).toString('base64'),
      skipTLSVerify: false,
    },
    { name: 'fake', token: 'CANARY-token' },
  )
  const fake: FakeApiServer = {
    config,
    requests,
    secretData: () => data,
    bundles: () =>
      configuration.webhooks.map(({ clientConfig }) =>
        'caBundle' in clientConfig
          ? Buffer.from(String(clientConfig.caBundle), 'base64').toString()
          : undefined,
      ),
    fail: undefined,
    replaceOnly: false,
    beforeWrite: undefined,
    touchSecret: () => {
      version += 1
    },
    annotateSecret: (added) => {
      annotations = { ...annotations, ...added }
      version += 1
    },
    secretAnnotations: () => annotations,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
  return fake
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
