/** A way to a store on loopback on which every request is noted, and on which the store can be out of reach. */
import { createServer, request as sendRequest } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface SeenRequest {
  /** Milliseconds of `performance.now()`. */
  readonly atMs: number
  readonly method: string
  /** Without `/v1/` and without its query. */
  readonly path: string
}

export interface CountingProxy {
  readonly address: string
  readonly requests: readonly SeenRequest[]
  readonly close: () => Promise<void>
}

/** Listens on a free port. Where `isAway` says so it answers 503 itself. */
export async function startCountingProxy(
  store: string,
  isAway: () => boolean,
): Promise<CountingProxy> {
  const requests: SeenRequest[] = []
  const server = createServer((incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming
    const path = url.replace(/^\/v1\//, '').replace(/\?.*$/, '')
    requests.push({ atMs: performance.now(), method, path })
    if (isAway()) {
      incoming.resume()
      outgoing.writeHead(503).end('{"errors":[]}')
      return
    }
    const onward = sendRequest(new URL(url, store), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${address.port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
