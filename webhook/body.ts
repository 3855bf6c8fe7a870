/** Reads a request body with a bound. */
import type { IncomingMessage } from 'node:http'

export type BodyReading =
  | { readonly kind: 'body'; readonly bytes: Buffer }
  | { readonly kind: 'too_large' }
  /** The peer went away; there is nobody to answer. */
  | { readonly kind: 'aborted' }

/** Never holds more than `limit` bytes; what follows is left to Node, which discards it within the request timeout. */
export function readBody(request: IncomingMessage, limit: number): Promise<BodyReading> {
  if (Number(request.headers['content-length'] ?? 0) > limit) {
    return Promise.resolve({ kind: 'too_large' })
  }
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= limit) {
        chunks.push(chunk)
        return
      }
      chunks.length = 0
      resolve({ kind: 'too_large' })
    })
    request.on('end', () => resolve({ kind: 'body', bytes: Buffer.concat(chunks) }))
    request.on('close', () => resolve({ kind: 'aborted' }))
    request.on('error', () => resolve({ kind: 'aborted' }))
  })
}
