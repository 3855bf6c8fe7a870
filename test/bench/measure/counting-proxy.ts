/** Stands between an agent and the store, and counts. */
import { Agent, createServer, request } from 'node:http'
import type { Scene } from './scene.ts'

export interface CountingProxy {
  readonly address: string
  /** Requests so far. */
  readonly count: () => number
  /** What they were, with their numbers. */
  readonly describe: () => ReadonlyMap<string, number>
  readonly close: () => Promise<void>
}

/** `target` is an address without a path, over plain HTTP. */
export async function startCountingProxy(scene: Scene, target: string): Promise<CountingProxy> {
  const seen = new Map<string, number>()
  let count = 0
  const agent = new Agent({ keepAlive: true })
  const server = createServer((incoming, outgoing) => {
    count += 1
    const what = `${incoming.method} ${incoming.url}`
    seen.set(what, (seen.get(what) ?? 0) + 1)
    const { method = 'GET', headers } = incoming
    const onward = request(new URL(incoming.url ?? '/', target), { method, headers, agent })
    onward.on('response', (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers)
      response.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    outgoing.on('close', () => onward.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  const port = typeof bound === 'object' ? bound?.port : undefined
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
      agent.destroy()
    })
  scene.defer(close)
  return { address: `http://127.0.0.1:${port}`, count: () => count, describe: () => seen, close }
}
