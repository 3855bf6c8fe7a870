/** The method LIST, which Vault's clients in other languages send and Node's parser of HTTP does not know. */
import type { IncomingMessage, Server } from 'node:http'
import type { Server as TlsServer } from 'node:https'
import type { Socket } from 'node:net'

const list = Buffer.from('LIST /')
/** What LIST arrives as: known to the parser, as long as LIST, and without a meaning to Vault. */
export const listMethod = 'LINK'

/** From now on `server` takes LIST as LINK. Only the first bytes of a request are looked at, never those of a body. */
export function acceptList(server: Server | TlsServer): void {
  const receiving = new WeakSet<Socket>()
  const watch = (socket: Socket) => {
    const rewrite = (chunk: Buffer) => {
      if (!receiving.has(socket) && chunk.subarray(0, list.length).equals(list)) {
        chunk.write(listMethod, 'latin1')
      }
    }
    // Node hands the bytes to the parser beside JavaScript until somebody listens to them by `on`.
    socket.on('data', () => undefined)
    socket.prependListener('data', rewrite)
  }
  server.on('setSecureContext' in server ? 'secureConnection' : 'connection', watch)
  server.prependListener('request', (request: IncomingMessage) => {
    receiving.add(request.socket)
    request.once('close', () => receiving.delete(request.socket))
  })
}
