/** Stands before a server that speaks HTTP, and answers in its place while it has a fault. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { FaultName } from './store-peer.ts'

export interface FaultAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

export interface HttpFaultProxy {
  readonly address: string
  fault: FaultName | undefined
  /** Paths, in the order of the requests. */
  readonly asked: readonly string[]
  readonly stop: () => Promise<void>
}

export interface HttpFaultProxyOptions {
  /** `http://HOST:PORT`, asked with each request. */
  readonly target: () => string
  /** What the service says; undefined: the request goes through. */
  readonly answers: (fault: FaultName, asked: IncomingMessage) => FaultAnswer | undefined
}

export async function startHttpFaultProxy(options: HttpFaultProxyOptions): Promise<HttpFaultProxy> {
  const proxy: { fault: FaultName | undefined } = { fault: undefined }
  const paths: string[] = []
  const server = createServer((asked, response) => {
    const { fault } = proxy
    paths.push(asked.url ?? '')
    if (fault === 'hanging') return
    if (fault === 'down') {
      asked.socket.destroy()
      return
    }
    const answer = fault === undefined ? undefined : options.answers(fault, asked)
    if (answer === undefined) forward(options.target(), asked, response)
    else {
      asked.resume()
      response.writeHead(answer.status, answer.headers)
      response.end(answer.body)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const place = server.address()
  const port = typeof place === 'object' && place !== null ? place.port : 0
  return Object.assign(proxy, {
    asked: paths,
    address: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
}

function forward(target: string, asked: IncomingMessage, response: ServerResponse): void {
  const { method, headers, url = '' } = asked
  const options = { ...(method === undefined ? {} : { method }), headers }
  const outgoing = request(`${target}${url}`, options, (answered) => {
    response.writeHead(answered.statusCode ?? 502, answered.headers)
    answered.pipe(response)
  })
  outgoing.on('error', () => response.destroy())
  asked.pipe(outgoing)
}
