/** A proxy that lets nothing through and notes what was to go where. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface RefusingProxy {
  readonly address: string
  /** `host:port`, in the order in which they were asked for. */
  readonly targets: readonly string[]
  readonly close: () => Promise<void>
}

export async function startRefusingProxy(): Promise<RefusingProxy> {
  const targets: string[] = []
  const server = createServer()
  server.on('connect', ({ url = '' }, socket) => {
    targets.push(url)
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${port}`,
    targets,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
