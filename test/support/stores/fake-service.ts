/** A service of a cloud on loopback, answered by a function; every request is kept. */
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'

export interface FakeRequest {
  readonly method: string
  /** Decoded, without the query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export type FakeAnswer =
  | {
      readonly status: number
      readonly body?: unknown
      readonly headers?: Readonly<Record<string, string>>
    }
  /** None at all. */
  | 'hang'
  /** The connection ends instead. */
  | 'cut'

export interface FakeService {
  readonly address: string
  readonly requests: FakeRequest[]
  readonly close: () => Promise<void>
}

export interface TlsIdentity {
  readonly cert: string
  readonly key: string
  /** Where the service listens. Default `127.0.0.1`. */
  readonly host?: string
}

/** `tls`: over https. */
export async function startFakeService(
  answer: (request: FakeRequest) => FakeAnswer | Promise<FakeAnswer>,
  tls?: TlsIdentity,
): Promise<FakeService> {
  const requests: FakeRequest[] = []
  const take = async (incoming: IncomingMessage) => {
    const request = await readRequest(incoming)
    requests.push(request)
    return answer(request)
  }
  const listener: Parameters<typeof createServer>[1] = (incoming, response) => {
    take(incoming).then(
      (taken) => {
        if (taken === 'cut') incoming.socket.destroy()
        else if (taken !== 'hang') sendAnswer(response, taken)
      },
      (thrown: unknown) => {
        response.writeHead(500)
        response.end(`the fake failed: ${String(thrown)}`)
      },
    )
  }
  const server = tls === undefined ? createServer(listener) : createTlsServer({ ...tls }, listener)
  const host = tls?.host ?? '127.0.0.1'
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const { port } = server.address() as AddressInfo
  return {
    address: `${tls === undefined ? 'http' : 'https'}://${host}:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function sendAnswer(
  response: ServerResponse,
  { status, body, headers = {} }: Exclude<FakeAnswer, string>,
): void {
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(text)
}

async function readRequest(incoming: IncomingMessage): Promise<FakeRequest> {
  let body = ''
  for await (const chunk of incoming.setEncoding('utf8')) body += chunk
  const url = new URL(incoming.url ?? '', 'http://fake')
  return {
    method: incoming.method ?? '',
    path: decodeURIComponent(url.pathname),
    query: url.searchParams,
    headers: incoming.headers,
    body,
  }
}

export function bearerOf({ headers }: FakeRequest): string | undefined {
  return /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1]
}

/** Names in `given` that are not in `known`. */
export function strangersIn(given: Iterable<string>, known: readonly string[]): readonly string[] {
  return [...given].filter((name) => !known.includes(name))
}
