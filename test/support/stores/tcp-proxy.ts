/** Stands between a client and a server, and may stop doing so. */
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** `hanging`: takes connections and bytes, and passes nothing on. `down`: takes no connection, and ends those that there are. */
export type ProxyMode = 'open' | 'hanging' | 'down'

export interface TcpProxy {
  readonly port: number
  readonly set: (mode: ProxyMode) => void
  readonly stop: () => Promise<void>
}

export async function startTcpProxy(target: { readonly port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let mode: ProxyMode = 'open'
  const server = createServer((near) => {
    if (mode === 'down') {
      near.destroy()
      return
    }
    const far = connect(target.port, '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('data', (chunk) => mode === 'open' && to.write(chunk))
      from.on('error', () => undefined)
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const end = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: portOf(server),
    set: (next) => {
      // What waits was swallowed, so those connections are of no use any more.
      if (next === 'down' || mode === 'hanging') end()
      mode = next
    },
    stop: async () => {
      end()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Where nothing listens at the moment. */
export async function findFreePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const port = portOf(server)
  server.close()
  await once(server, 'close')
  return port
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
