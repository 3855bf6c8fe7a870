/** Reads of one secret. */
import { AppError, type Facts } from '../../errors.ts'
import { JsonNumber, type JsonObject } from '../../json.ts'
import { Secret } from '../../secret.ts'
import type { SecretAnswer } from '../../template/secret-request.ts'
import { isGood } from '../bearer-client.ts'
import type { StorePorts, StoreRead } from '../store.ts'
import { heldBytes, storedAnswer } from '../stored-answer.ts'
import type { SecretManager } from './api.ts'
import { crc32c } from './crc32c.ts'
import { describeRefusal, describeState } from './refusal.ts'
import { parsePlace, versionSegment } from './secret-place.ts'

export interface Reader {
  /** Undefined where the version that is known is still the one that is wanted. */
  readonly read: (read: StoreRead, signal?: AbortSignal) => Promise<SecretAnswer | undefined>
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
export function createReader(
  manager: SecretManager,
  store: string,
  { now, memory }: Pick<StorePorts, 'now' | 'memory'>,
): Reader {
  const recall = (key: string) => memory.recall(key)?.reveal()
  // For a hibernating agent, too: each look that is denied is an entry in somebody's audit log.
  const blindKey = `gcp-blind ${store}`
  const isBlind = () => now() < Number(recall(blindKey) ?? Number.NaN)
  return {
    read: async ({ path, version, known }, signal) => {
      const facts = { store, path }
      const place = parsePlace(path, store)
      const name = await manager.nameOf(place)
      const wanted = `${name}/versions/${versionSegment(version ?? place.version)}`
      if (known === undefined || isBlind()) return access(manager, wanted, facts, signal)
      const look = { method: 'GET', resource: wanted, need: 'view', facts } as const
      const seen = await manager.send(look, signal)
      const pause = blindMs.get(seen.status)
      if (pause !== undefined) {
        memory.remember(blindKey, new Secret(String(now() + pause)))
        return access(manager, wanted, facts, signal)
      }
      if (!isGood(seen)) throw describeRefusal(seen, 'view', facts)
      const { number, state, madeAt } = readVersion(seen.body, facts)
      if (state !== 'ENABLED') throw describeState(state, facts)
      // A secret that was deleted and made anew counts its versions from 1 again.
      const madeKey = `gcp-made ${wanted}`
      if (number === known && madeAt === recall(madeKey)) return undefined
      const answer = await access(manager, `${name}/versions/${number}`, facts, signal)
      memory.remember(madeKey, new Secret(madeAt))
      return answer
    },
  }
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
  /** As Google writes it. */
  readonly madeAt: string
}

/** Errors: `store_answer_invalid`. */
export function readVersion(resource: JsonObject | undefined, facts: Facts): VersionResource {
  const number = numberOf(resource?.get('name'))
  const state = resource?.get('state')
  if (number === undefined || typeof state !== 'string' || !/^[A-Z_]{1,40}$/.test(state)) {
    throw invalid(facts, 'no version')
  }
  return { number, state, madeAt: textOf(resource?.get('createTime')) ?? '' }
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
