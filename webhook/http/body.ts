/** Reads a request body with bounds on its size and on the time it takes. */
import type { Readable } from 'node:stream'

export type BodyReading =
  | { readonly kind: 'body'; readonly bytes: Buffer }
  | { readonly kind: 'too_large' }
  /** There is no room for it at the moment. */
  | { readonly kind: 'no_room' }
  /** It did not arrive in time. */
  | { readonly kind: 'late' }
  /** The peer went away; there is nobody to answer. */
  | { readonly kind: 'aborted' }

export interface BodyBounds {
  readonly limit: number
  /** As the header says it; undefined without one. */
  readonly announced: number | undefined
  /** Asked for every chunk before it is kept. */
  readonly reserve: (bytes: number) => boolean
  /** Aborts when the time is over. */
  readonly deadline: AbortSignal
}

/**
 * Never holds more than `limit` bytes. What is too large or has no room is still read to its end, within the deadline, and
 * dropped: a client that is still sending when the connection closes would miss the answer.
 */
export function readBody(request: Readable, bounds: BodyBounds): Promise<BodyReading> {
  const { limit, announced = 0, reserve, deadline } = bounds
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    let dropped: 'too_large' | 'no_room' | undefined = announced > limit ? 'too_large' : undefined
    const finish = (reading: BodyReading) => {
      deadline.removeEventListener('abort', giveUp)
      chunks.length = 0
      resolve(reading)
    }
    const giveUp = () => finish({ kind: dropped ?? 'late' })
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > limit) dropped = 'too_large'
      else if (dropped === undefined && !reserve(chunk.length)) dropped = 'no_room'
      if (dropped === undefined) chunks.push(chunk)
      else chunks.length = 0
    })
    request.on('end', () => {
      if (dropped === undefined) finish({ kind: 'body', bytes: Buffer.concat(chunks, size) })
      else finish({ kind: dropped })
    })
    request.on('close', () => finish({ kind: 'aborted' }))
    request.on('error', () => finish({ kind: 'aborted' }))
    deadline.addEventListener('abort', giveUp, { once: true })
  })
}
