/** The handler behind /mutate without any server: bytes in, status and bytes out. */
import type { Outcome } from '../inject/mutate.ts'
import type { WebhookDefaults } from '../inject/profiles.ts'
import type { Namespaces } from '../kube/namespaces.ts'
import type { Dialect } from './dialect.ts'
import { mutateInPlace } from './namespaced-pod.ts'
import type { Refusal } from './refusal.ts'
import { formatReview, type Review } from './review.ts'

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
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  readonly event: AdmissionEvent
}

/** What reviews are judged by. */
export interface Judge {
  readonly dialect: Dialect
  readonly defaults: WebhookDefaults
  /** Undefined where nobody watches them. */
  readonly namespaces?: Namespaces | undefined
}

/** Answers one review: 200 with a verdict, or a refusal with a reason. At once unless a namespace is waited for. */
export function admit(body: Buffer, judge: Judge & { readonly namespaces?: undefined }): Answer
export function admit(body: Buffer, judge: Judge): Answer | Promise<Answer>
export function admit(body: Buffer, judge: Judge): Answer | Promise<Answer> {
  const { dialect, defaults, namespaces } = judge
  const reading = dialect.readReview(body)
  if (reading.kind === 'malformed') {
    const { status, reason, text } = reading
    return refuse(dialect, { status, reason, text })
  }
  const { review } = reading
  if (!review.createsPod || review.misfit !== undefined) return answer(review, undefined, dialect)
  const place = { namespace: review.namespace, namespaces }
  const outcome = mutateInPlace(review.object, place, defaults)
  return outcome instanceof Promise
    ? outcome.then((each) => answer(review, each, dialect))
    : answer(review, outcome, dialect)
}

function answer(review: Review, outcome: Outcome | undefined, dialect: Dialect): Answer {
  return {
    status: 200,
    headers: { 'Content-Type': dialect.reviewType },
    body: Buffer.from(formatReview(review, outcome, dialect.formatDenial)),
    event: { kind: 'answered', review, outcome },
  }
}

export function refuse(dialect: Dialect, refusal: Refusal): Answer {
  const { status, reason, text = reason, headers = {} } = refusal
  return {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', ...dialect.errorHeaders, ...headers },
    body: Buffer.from(`${text}\n`),
    event: { kind: 'refused', status, reason },
  }
}
