/** Certificates and requests over real TLS. */
import { once } from 'node:events'
import type { IncomingHttpHeaders } from 'node:http'
import { Agent, type RequestOptions, request } from 'node:https'
import type { TLSSocket } from 'node:tls'
import type { KeyPair } from '../../../../webhook/tls/source.ts'
import { createCa, createLeaf } from '../../../../webhook/tls/x509.ts'

export interface TestCertificate {
  readonly ca: string
  readonly pair: KeyPair
}

/** A fresh CA and a leaf for the loopback address. */
export function createTestCertificate(lifeMs = 3_600_000): TestCertificate {
  const validity = { notBefore: Date.now() - 60_000, notAfter: Date.now() + lifeMs }
  const ca = createCa('Test CA', validity)
  return { ca: ca.cert, pair: createLeaf(ca, ['localhost', '127.0.0.1'], validity) }
}

export interface TestResponse {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** The certificate that the server showed on this connection. */
  readonly fingerprint: string
  readonly localPort: number
}

export interface TestRequest extends RequestOptions {
  readonly body?: string | Buffer
}

/** One request to `address`, `host:port`, on a connection of its own unless an agent is given. */
export async function send(
  address: string,
  path: string,
  { body, ...options }: TestRequest,
): Promise<TestResponse> {
  const [host = '', port] = address.split(':')
  const agent = options.agent ?? new Agent({ keepAlive: false, maxCachedSessions: 0 })
  const outgoing = request({ host, port, path, ...options, agent })
  outgoing.end(body)
  const [response] = await once(outgoing, 'response')
  const socket: TLSSocket = response.socket
  const { localPort = 0 } = socket
  const fingerprint = socket.getPeerX509Certificate()?.fingerprint256 ?? ''
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  return {
    status: response.statusCode,
    headers: response.headers,
    body: text,
    fingerprint,
    localPort,
  }
}

/** A review of a pod that asks for injection. */
export const review = JSON.stringify({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: {
    uid: 'test-uid',
    namespace: 'default',
    operation: 'CREATE',
    object: {
      metadata: {
        annotations: { 'claviger.dev/agent-inject': 'true', 'claviger.dev/role': 'app' },
      },
      spec: { containers: [{ name: 'app' }] },
    },
  },
})
