/** Access tokens of a cloud, kept until shortly before they end. */
import { JsonNumber, type JsonObject, tryParseObject } from '../json.ts'
import { Secret } from '../secret.ts'
import type { Flight } from '../single-flight.ts'

export interface CloudToken {
  readonly token: Secret
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

export interface TokenSource {
  /** One that lasts for 5 minutes more, or for as long as it lasts while no other is given; callers at the same time share one request. */
  readonly get: () => Promise<Secret>
  /** Of a token that a service did not accept: the next one is asked for anew. */
  readonly drop: (token: Secret) => void
}

export interface TokenSourceOptions {
  /** The same for all who are the same to the cloud, whatever their store is called, and for nobody else. */
  readonly key: string
  readonly memory: TokenMemory
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly fetch: () => Promise<CloudToken>
}

/** What outlives the process, and what those who share it are asking for. */
export interface TokenMemory {
  readonly recall: (key: string) => Secret | undefined
  readonly remember: (key: string, text: Secret) => void
  readonly flights: { readonly tokens: Flight<CloudToken> }
}

const marginMs = 5 * 60_000

export function createTokenSource({ key, memory, now, fetch }: TokenSourceOptions): TokenSource {
  let current: CloudToken | undefined
  let refused: string | undefined
  const lasts = (held: CloudToken, ms: number) =>
    held.expiresAt - ms > now() && held.token.reveal() !== refused
  const renew = async () => {
    const fresh = await fetch()
    memory.remember(key, packToken(fresh))
    return fresh
  }
  return {
    get: async () => {
      const kept = unpackToken(memory.recall(key))
      const held = [current, kept].filter((each) => each !== undefined)
      current = held.find((each) => lasts(each, marginMs))
      if (current !== undefined) return current.token
      try {
        current = await memory.flights.tokens(key, renew)
      } catch (thrown) {
        // Who gives tokens out may be down for a while.
        current = held.find((each) => lasts(each, 0))
        if (current === undefined) throw thrown
      }
      return current.token
    },
    drop: (token) => {
      refused = token.reveal()
    },
  }
}

/** When a token that was answered at `now` ends, by its `expires_in`, seconds as a number or a text; at once where it does not say. */
export function expiryOf(answer: JsonObject, now: number): number {
  return now + (secondsOf(answer.get('expires_in')) ?? 0) * 1000
}

function secondsOf(value: unknown): number | undefined {
  const text = value instanceof JsonNumber ? value.text : value
  const seconds = typeof text === 'string' && text !== '' ? Number(text) : Number.NaN
  return Number.isFinite(seconds) ? seconds : undefined
}

function packToken({ token, expiresAt }: CloudToken): Secret {
  return new Secret(JSON.stringify({ token: token.reveal(), expiresAt: String(expiresAt) }))
}

function unpackToken(text: Secret | undefined): CloudToken | undefined {
  if (text === undefined) return undefined
  const kept = tryParseObject(text.reveal())
  const token = kept.get('token')
  const expiresAt = Number(kept.get('expiresAt') ?? Number.NaN)
  return typeof token === 'string' && Number.isFinite(expiresAt)
    ? { token: new Secret(token), expiresAt }
    : undefined
}
