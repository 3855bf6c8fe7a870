/** Reads of one secret. */
import { AppError, type Facts } from '../../errors.ts'
import { JsonNumber, type JsonObject } from '../../json.ts'
import type { SecretAnswer } from '../../template/secret-request.ts'
import { isGood } from '../bearer-client.ts'
import type { StoreRead } from '../store.ts'
import { heldBytes, storedAnswer } from '../stored-answer.ts'
import type { SecretManager } from './api.ts'
import { crc32c } from './crc32c.ts'
import { describeRefusal, describeState } from './refusal.ts'
import { parsePlace, versionSegment } from './secret-place.ts'

export interface Reader {
  /** An answer whose version is the one that is known may lack its content. */
  readonly read: (read: StoreRead, signal?: AbortSignal) => Promise<SecretAnswer>
}

export interface ReaderOptions {
  readonly store: string
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/**
 * For how long no version is looked at after an answer with that status, milliseconds: an identity may read and not look, and a
 * project has 600 looks a minute where it has 90,000 reads. Source: https://cloud.google.com/secret-manager/quotas.
 */
const blindMs = new Map([
  [403, 86_400_000],
  [429, 600_000],
])

/** A version that is known is looked at before it is read again, since only reads of content are billed; where that cannot be done it is read each time. */
export function createReader(manager: SecretManager, { store, now }: ReaderOptions): Reader {
  let blindUntil = Number.NEGATIVE_INFINITY
  return {
    read: async ({ path, version, known }, signal) => {
      const facts = { store, path }
      const place = parsePlace(path, store)
      const name = await manager.nameOf(place)
      const wanted = `${name}/versions/${versionSegment(version ?? place.version)}`
      if (known === undefined || now() < blindUntil) return access(manager, wanted, facts, signal)
      const look = { method: 'GET', resource: wanted, need: 'view', facts } as const
      const seen = await manager.send(look, signal)
      const pause = blindMs.get(seen.status)
      if (pause !== undefined) {
        blindUntil = now() + pause
        return access(manager, wanted, facts, signal)
      }
      if (!isGood(seen)) throw describeRefusal(seen, 'view', facts)
      const { number, state } = readVersion(seen.body, facts)
      if (state !== 'ENABLED') throw describeState(state, facts)
      if (number === known) return unchanged(number)
      return access(manager, `${name}/versions/${number}`, facts, signal)
    },
  }
}

/** Callers take a version that they know for that. */
function unchanged(version: string): SecretAnswer {
  return storedAnswer({ content: { kind: 'whole', bytes: '' }, version })
}

async function access(
  manager: SecretManager,
  version: string,
  facts: Facts,
  signal: AbortSignal | undefined,
): Promise<SecretAnswer> {
  const call = { method: 'GET', resource: `${version}:access`, need: 'access', facts } as const
  const answer = await manager.call(call, signal)
  const number = numberOf(answer.get('name'))
  const payload = answer.get('payload')
  const data = payload instanceof Map ? payload.get('data') : undefined
  if (number === undefined || !(payload instanceof Map) || typeof data !== 'string') {
    throw invalid(facts, 'no payload')
  }
  const bytes = Buffer.from(data, 'base64')
  const sum = textOf(payload.get('dataCrc32c'))
  if (sum !== undefined && sum !== String(crc32c(bytes))) throw invalid(facts, 'a wrong checksum')
  return storedAnswer({
    content: { kind: 'whole', bytes: heldBytes(bytes) },
    version: number,
  })
}

export interface VersionResource {
  readonly number: string
  /** ENABLED, DISABLED or DESTROYED. */
  readonly state: string
}

/** Errors: `store_answer_invalid`. */
export function readVersion(resource: JsonObject | undefined, facts: Facts): VersionResource {
  const number = numberOf(resource?.get('name'))
  const state = resource?.get('state')
  if (number === undefined || typeof state !== 'string' || !/^[A-Z_]{1,40}$/.test(state)) {
    throw invalid(facts, 'no version')
  }
  return { number, state }
}

/** `7` of `projects/P/secrets/S/versions/7`. */
function numberOf(name: unknown): string | undefined {
  return typeof name === 'string' ? /\/versions\/([1-9]\d*)$/.exec(name)?.[1] : undefined
}

/** Of an int64, which JSON may have as a text or as a number. */
export function textOf(value: unknown): string | undefined {
  if (value instanceof JsonNumber) return value.text
  return typeof value === 'string' ? value : undefined
}

function invalid(facts: Facts, reason: string): AppError {
  return new AppError('store_answer_invalid', { ...facts, reason })
}
