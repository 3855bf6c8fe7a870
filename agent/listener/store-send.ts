/** Sends what others ask through the listener on to the store. */
import type { Clock } from '../../core/clock.ts'
import type { Exchange, RawExchange } from '../../core/http/exchange.ts'
import { endpointOf } from '../../core/vault/endpoint.ts'
import { withRetries } from '../../core/vault/retries.ts'

export interface StoreRequest {
  readonly method: string
  /** From its first slash on, query included, percent-encoded as it came. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Buffer
}

/** Errors: those of `Exchange`. */
export type StoreSend = (request: StoreRequest, signal?: AbortSignal) => Promise<RawExchange>

export interface SendOptions {
  readonly exchange: Exchange
  readonly address: string
  /** `vault.retry.num_retries`; negative: none. */
  readonly retries: number
  readonly clock: Clock
}

export function createStoreSend({ exchange, address, retries, clock }: SendOptions): StoreSend {
  const send = withRetries(exchange, { retries, clock })
  const base = endpointOf(address)
  return ({ target, ...request }, signal) => send({ ...request, url: `${base}${target}` }, signal)
}
