/** What nobody waits for any more: a statement whose caller has ended, a connection that is not there yet. */
import type { Socket } from 'node:net'

export interface Bounds {
  readonly signal: AbortSignal | undefined
  readonly timeoutMs: number
  /** Called when nobody waits any more. */
  readonly cancel: () => void
}

/** The result of `pending` unless `signal` aborts, or the time is over, before. Errors: as Node's own, with `code` ABORT_ERR or ETIMEDOUT, since a driver's bundle has no `AppError` that others know. */
export async function untilEnded<T>(
  pending: Promise<T>,
  { signal, timeoutMs, cancel }: Bounds,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const end = (code: 'ABORT_ERR' | 'ETIMEDOUT') => {
      settle()
      cancel()
      reject(Object.assign(new Error('given up'), { code }))
    }
    const abort = () => end('ABORT_ERR')
    const timer = setTimeout(() => end('ETIMEDOUT'), timeoutMs)
    const settle = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
    if (signal?.aborted === true) abort()
    else signal?.addEventListener('abort', abort)
    pending.then(resolve, reject).finally(settle)
  })
}

/** Connections of a driver, which would keep the process alive until each has come about or timed out. */
export class OpenSockets {
  readonly #sockets = new Set<Socket>()

  add(socket: Socket): Socket {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    return socket
  }

  end(): void {
    for (const socket of this.#sockets) socket.destroy()
  }
}
