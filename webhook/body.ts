/** Reads a request body with a bound. */
import type { IncomingMessage } from 'node:http'

export type BodyReading =
  | { readonly kind: 'body'; readonly bytes: Buffer }
  | { readonly kind: 'too_large' }
  /** The peer went away; there is nobody to answer. */
  | { readonly kind: 'aborted' }

/**
 * Never holds more than `limit` bytes. What is too large is still read to its end, within the server's request timeout, and
 * dropped: a client that is still sending when the connection closes would miss the answer.
 */
export function readBody(request: IncomingMessage, limit: number): Promise<BodyReading> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    let tooLarge = Number(request.headers['content-length'] ?? 0) > limit
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      tooLarge ||= size > limit
      if (tooLarge) chunks.length = 0
      else chunks.push(chunk)
    })
    request.on('end', () => {
      if (tooLarge) resolve({ kind: 'too_large' })
      else resolve({ kind: 'body', bytes: Buffer.concat(chunks, size) })
    })
    request.on('close', () => resolve({ kind: 'aborted' }))
    request.on('error', () => resolve({ kind: 'aborted' }))
  })
}
