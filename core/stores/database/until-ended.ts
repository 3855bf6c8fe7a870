/** What nobody waits for any more: a statement whose caller has ended, a connection that is not there yet. */
import type { Socket } from 'node:net'
import { AppError } from '../../errors.ts'
import { ended } from '../read-each.ts'

export interface Bounds {
  readonly signal: AbortSignal | undefined
  readonly timeoutMs: number
  /** Called when nobody waits any more. */
  readonly cancel: () => void
}

/** The result of `pending` unless `signal` aborts, or the time is over, before. Errors: `store_unreachable` then. */
export async function untilEnded<T>(
  pending: Promise<T>,
  { signal, timeoutMs, cancel }: Bounds,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const end = (error: AppError) => {
      settle()
      cancel()
      reject(error)
    }
    const abort = () => end(ended())
    const timer = setTimeout(
      () => end(new AppError('store_unreachable', { cause: 'ETIMEDOUT' })),
      timeoutMs,
    )
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
