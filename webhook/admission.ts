/** The handler behind POST /mutate without any server: bytes in, status and bytes out. */
import { mutate, type Outcome } from './inject/mutate.ts'
import { nameNamespace } from './inject/namespace.ts'
import type { WebhookDefaults } from './inject/profiles.ts'
import { formatReview, type Review, readReview } from './review.ts'

/** Largest body: an API request is at most 3 MiB, and a review may carry the object twice. */
export const bodyLimit = 7 * 2 ** 20

/** What happened, for telemetry; `outcome` is undefined for what is no creation of a pod. */
export type AdmissionEvent =
  | {
      readonly kind: 'answered'
      readonly review: Review
      readonly outcome: Outcome | undefined
    }
  | { readonly kind: 'refused'; readonly status: number; readonly reason: string }

export interface Answer {
  readonly status: number
  readonly contentType: string
  readonly body: Buffer
  readonly event: AdmissionEvent
}

/** The headers that decide whether a body is read at all. */
export interface BodyHeaders {
  readonly contentType: string | undefined
  readonly contentEncoding: string | undefined
}

/** Undefined when the body is to be read, else the refusal. */
export function checkHeaders({ contentType, contentEncoding }: BodyHeaders): Answer | undefined {
  if (!isJson(contentType)) return refuse(415, 'the content type is not application/json')
  if (contentEncoding !== undefined && contentEncoding.toLowerCase() !== 'identity') {
    return refuse(415, 'the body is compressed')
  }
  return undefined
}

/** Answers one review: 200 with a verdict, or 400 with a reason. Pure. */
export function admit(body: Buffer, defaults: WebhookDefaults): Answer {
  const reading = readReview(body)
  if (reading.kind === 'malformed') return refuse(400, reading.reason)
  const { review } = reading
  const outcome = review.createsPod
    ? mutate(review.object, nameNamespace(review.namespace), defaults)
    : undefined
  return {
    status: 200,
    contentType: 'application/json',
    body: Buffer.from(formatReview(review, outcome)),
    event: { kind: 'answered', review, outcome },
  }
}

/** `reason` is a constant: it goes into the response and the log. */
export function refuse(status: number, reason: string): Answer {
  return {
    status,
    contentType: 'text/plain; charset=utf-8',
    body: Buffer.from(`${reason}\n`),
    event: { kind: 'refused', status, reason },
  }
}

function isJson(contentType = ''): boolean {
  const [type = '', ...parameters] = contentType.toLowerCase().split(';')
  return (
    type.trim() === 'application/json' &&
    parameters.every((parameter) => /^\s*(charset\s*=\s*"?utf-?8"?)?\s*$/.test(parameter))
  )
}
