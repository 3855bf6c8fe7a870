/** A Vault for fault injection: one function answers every request, and every request is kept. */
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'

export interface SeenRequest {
  readonly method: string
  /** Without `/v1/`, query included. */
  readonly path: string
  readonly token: string | undefined
  readonly namespace: string | undefined
  /** All of them, names in lower case. */
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** An answer; `cut`: a body that ends in the middle; `hang`: none at all. */
export type ScriptedAnswer =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> }
  | 'cut'
  | 'hang'

export interface ScriptedVault {
  readonly address: string
  readonly port: number
  readonly requests: readonly SeenRequest[]
  readonly close: () => Promise<void>
}

export type Script = (request: SeenRequest, count: number) => ScriptedAnswer

/** Listens on loopback; `port` 0 takes a free one. */
export async function startScriptedVault(script: Script, port = 0): Promise<ScriptedVault> {
  const requests: SeenRequest[] = []
  const server = createServer((incoming, response) => {
    readRequest(incoming).then((request) => {
      requests.push(request)
      answerRequest(response, script(request, requests.length))
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const { port: taken } = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${taken}`,
    port: taken,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export const loginAnswer: ScriptedAnswer = {
  status: 200,
  body: { auth: { client_token: 'hvs.scripted', lease_duration: 3600, renewable: true } },
}

export function kvBody(data: Readonly<Record<string, string>>): ScriptedAnswer {
  return { status: 200, body: { data: { data, metadata: { version: 1 } } } }
}

async function readRequest(incoming: IncomingMessage): Promise<SeenRequest> {
  let body = ''
  for await (const chunk of incoming.setEncoding('utf8')) body += chunk
  return {
    method: incoming.method ?? '',
    path: (incoming.url ?? '').replace(/^\/v1\//, ''),
    token: incoming.headers['x-vault-token']?.toString(),
    namespace: incoming.headers['x-vault-namespace']?.toString(),
    headers: incoming.headers,
    body,
  }
}

function answerRequest(response: ServerResponse, answer: ScriptedAnswer): void {
  if (answer === 'hang') return
  if (answer === 'cut') {
    response.writeHead(200, { 'content-length': 1000 })
    response.write('{"data": {"data": {"password": "half', () => response.destroy())
    return
  }
  const { status, body, headers = {} } = answer
  response.writeHead(status, headers)
  response.end(typeof body === 'string' ? body : JSON.stringify(body ?? { errors: [] }))
}
