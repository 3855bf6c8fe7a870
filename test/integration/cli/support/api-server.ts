/** A Kubernetes API server of canned objects for the verbs that ask a cluster, and a kubeconfig for it. */
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { read } from '../../../../cli/manifests/objects.ts'

export interface ApiAnswer {
  readonly status: number
  readonly body?: unknown
}

/** `path` is without query; undefined for 404. */
export type ApiScript = (request: {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly body: unknown
}) => ApiAnswer | undefined

export interface FakeCluster {
  readonly kubeconfig: string
  /** `METHOD path`, in order. */
  readonly requests: readonly string[]
  readonly close: () => Promise<void>
}

export const token = 'canary-kubernetes-token'

/** Over plain HTTP on loopback, as kubectl's own proxy serves it. */
export async function startCluster(script: ApiScript): Promise<FakeCluster> {
  const requests: string[] = []
  const server = createServer(async (request, response) => {
    const { method = '', url = '/' } = request
    const { pathname: path, searchParams: query } = new URL(url, 'http://cluster')
    requests.push(`${method} ${path}`)
    const text = await readText(request)
    const asked = { method, path, query, body: text === '' ? undefined : JSON.parse(text) }
    const { status, body } = script(asked) ?? { status: 404 }
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body ?? { kind: 'Status' }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const folder = mkdtempSync(join(tmpdir(), 'claviger-cluster-'))
  const kubeconfig = join(folder, 'config')
  writeFileSync(kubeconfig, describeConfig(`http://127.0.0.1:${port}`))
  return {
    kubeconfig,
    requests,
    close: async () => {
      rmSync(folder, { recursive: true })
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

export function describeConfig(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'here',
    contexts: [{ name: 'here', context: { cluster: 'c', user: 'u', namespace: 'demo' } }],
    clusters: [{ name: 'c', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'u', user: { token } }],
  })
}

/** What a list or an object is found by. */
export type Stock = Readonly<Record<string, readonly object[]>>

/** Answers reads from `stock`: path of the list → its objects; `others` come first. */
export function serveStock(stock: Stock, others: ApiScript = () => undefined): ApiScript {
  return (request) => {
    const first = others(request)
    if (first !== undefined || request.method !== 'GET') return first
    const list = stock[request.path]
    const labels = request.query.get('labelSelector')
    if (list !== undefined) {
      const items = list.filter((object) => labels === null || hasLabel(object, labels))
      return { status: 200, body: { metadata: {}, items } }
    }
    const [, parent = '', name] = /^(.*)\/([^/]+)$/.exec(request.path) ?? []
    const found = stock[parent]?.find((object) => read(object, ['metadata', 'name']) === name)
    return found === undefined ? undefined : { status: 200, body: found }
  }
}

/** `selector` is `key=value`; of several the first. */
function hasLabel(object: object, selector: string): boolean {
  const [key = '', value] = (selector.split(',')[0] ?? '').split('=')
  return read(object, ['metadata', 'labels', key]) === value
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  return text
}
