/** Requests to AWS's JSON services, signed by a clock that is theirs. Source: the AWS JSON 1.1 protocol. */
import type { AwsService } from '../../cloud/aws-endpoint.ts'
import { type SigningKeys, signHeaders } from '../../cloud/aws-signature.ts'
import { createExchange, type ExchangeOptions, type RawExchange } from '../../http/exchange.ts'
import type { PlainObject } from '../../plain-object.ts'
import type { ServicePlace } from './place.ts'

export interface ServiceCall {
  /** Such as `GetSecretValue`. */
  readonly operation: string
  readonly input: PlainObject
  /** What the caller named, for errors. */
  readonly path: string
  /** Default: the store's. */
  readonly region?: string | undefined
  readonly signal?: AbortSignal | undefined
}

export interface ServiceOptions {
  readonly service: AwsService
  /** What `X-Amz-Target` begins with. */
  readonly target: string
  readonly place: ServicePlace
}

export interface Sender {
  /** Rejects as an `Exchange` does. */
  readonly send: (
    call: ServiceCall & { readonly region: string },
    keys: SigningKeys,
  ) => Promise<RawExchange>
  /** Whether another clock signs from now on, since that of `answer` is far from it. */
  readonly learnSkew: (answer: RawExchange) => boolean
}

/** A clock that is off by less is not why a signature was refused: AWS takes five minutes. */
const toleratedSkewMs = 240_000
const maxConnections = 10

/** `now` is milliseconds since the epoch, by the machine's clock. */
export function createSender(
  { service, target, place }: ServiceOptions,
  reach: ExchangeOptions,
  now: () => number,
): Sender {
  const exchange = createExchange({ ...reach, maxConnections })
  let skewMs = 0
  return {
    send: ({ operation, input, region, signal }, keys) => {
      const url = new URL(place.addressIn(region))
      const body = JSON.stringify(input)
      const headers = {
        'Content-Type': 'application/x-amz-json-1.1',
        'X-Amz-Target': `${target}.${operation}`,
      }
      const scope = { region, service, now: now() + skewMs }
      const signed = signHeaders({ method: 'POST', url, headers, body }, keys, scope)
      const request = { method: 'POST', url: url.href, headers: signed, body: Buffer.from(body) }
      // A read changes nothing, and a write says by a token or by its version that it is the same one.
      return exchange({ ...request, isIdempotent: true }, signal)
    },
    learnSkew: ({ headers }) => {
      const apart = Date.parse(headers.date ?? '') - now()
      if (!(Math.abs(apart - skewMs) > toleratedSkewMs)) return false
      skewMs = apart
      return true
    },
  }
}
