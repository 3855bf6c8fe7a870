/** The handler behind POST /mutate without any server: bytes in, status and bytes out. */
import type { Outcome } from './inject/mutate.ts'
import type { WebhookDefaults } from './inject/profiles.ts'
import type { Namespaces } from './kube/namespaces.ts'
import { mutateInPlace } from './place.ts'
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

/** Answers one review: 200 with a verdict, or 400 with a reason. At once unless a namespace is waited for. */
export function admit(body: Buffer, defaults: WebhookDefaults): Answer
export function admit(
  body: Buffer,
  defaults: WebhookDefaults,
  namespaces: Namespaces | undefined,
): Answer | Promise<Answer>
export function admit(
  body: Buffer,
  defaults: WebhookDefaults,
  namespaces?: Namespaces,
): Answer | Promise<Answer> {
  const reading = readReview(body)
  if (reading.kind === 'malformed') return refuse(400, reading.reason)
  const { review } = reading
  if (!review.createsPod) return answer(review, undefined)
  const place = { namespace: review.namespace, namespaces }
  const outcome = mutateInPlace(review.object, place, defaults)
  return outcome instanceof Promise
    ? outcome.then((each) => answer(review, each))
    : answer(review, outcome)
}

function answer(review: Review, outcome: Outcome | undefined): Answer {
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
