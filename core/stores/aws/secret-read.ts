/** Reads of Secrets Manager: current versions many at a time, from a replica where the first region does not answer. */
import { AppError } from '../../errors.ts'
import type { JsonObject } from '../../json.ts'
import type { SecretAnswer } from '../../template/secret-request.ts'
import { chunksOf } from '../chunks.ts'
import { readEach } from '../read-each.ts'
import type { ReadOutcome, StorePorts, StoreRead } from '../store.ts'
import { heldBytes, storedAnswer } from '../stored-answer.ts'
import { objectsIn, textIn } from './answer.ts'
import { recallBatchDenial } from './batch-denial.ts'
import { mayBeOfOne, refusal } from './refusal.ts'
import type { Regions } from './regions.ts'
import { isNamed, regionOfSecret, secretIdIn } from './secret-name.ts'
import { type CallService, shortType } from './service-client.ts'

export interface ReaderOptions {
  readonly store: string
  /** Of names without one. */
  readonly region: string
  readonly call: CallService
  readonly regions: Regions
  readonly ports: Pick<StorePorts, 'memory' | 'now' | 'logger'>
}

export type ReadSecrets = (
  reads: readonly StoreRead[],
  signal?: AbortSignal,
) => Promise<readonly ReadOutcome[]>

/** So many does one call take. */
const batchSize = 20

export function createSecretReader(options: ReaderOptions): ReadSecrets {
  const { store, region: own, call, regions } = options
  const denial = recallBatchDenial(store, options.ports)
  const readOne = async ({ path, version }: StoreRead, signal?: AbortSignal) =>
    regions.ask(regionOfSecret(path, store), async (region) => {
      const input = { SecretId: secretIdIn(path, region), ...selector(version) }
      const value = await call({ operation: 'GetSecretValue', input, path, region, signal })
      const answer = toAnswer(value)
      if (answer !== undefined) return answer
      const reason = 'no secret with a VersionId'
      throw new AppError('store_answer_invalid', { store, path, region, reason })
    })

  const askBatch = async ({ home, paths }: Batch, signal?: AbortSignal): Promise<Found> =>
    regions.ask(home, async (region, isHome) => {
      const path = paths.join(', ')
      const input = { SecretIdList: paths.map((each) => secretIdIn(each, region)) }
      const answer = await call({ operation: 'BatchGetSecretValue', input, path, region, signal })
      const picked = paths.map((each) => pick(answer, { store, path: each, region }, isHome))
      return new Map(paths.map((each, index) => [each, picked[index]]))
    })

  const tryBatch = async (batch: Batch, signal?: AbortSignal): Promise<Found> => {
    try {
      return await askBatch(batch, signal)
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown
      denial.learn(thrown)
      if (mayBeOfOne(thrown)) return new Map()
      const errorOf = (path: string) => new AppError(thrown.code, { ...thrown.facts, path })
      return new Map(batch.paths.map((path) => [path, errorOf(path)]))
    }
  }

  return async (reads, signal) => {
    const batches = denial.isRecent() ? [] : batchesOf(reads, store, own)
    const answers = await Promise.all(batches.map((batch) => tryBatch(batch, signal)))
    const found = new Map(answers.flatMap((each) => [...each]))
    const read = async (each: StoreRead) => {
      const known = isCurrent(each) ? found.get(each.path) : undefined
      if (known instanceof AppError) throw known
      return known ?? readOne(each, signal)
    }
    return readEach(reads, { store, read, signal })
  }
}

/** By path; a path without an answer is read by itself. */
type Found = ReadonlyMap<string, SecretAnswer | AppError | undefined>

interface Batch {
  readonly home: string
  readonly paths: readonly string[]
}

function isCurrent({ version }: StoreRead): boolean {
  return version === undefined || version === 'AWSCURRENT'
}

/** Current versions by region; one alone is a call of its own anyway, and names that cannot be are refused one by one. */
function batchesOf(reads: readonly StoreRead[], store: string, own: string): readonly Batch[] {
  const byRegion = new Map<string, Set<string>>()
  for (const { path } of reads.filter(isCurrent)) {
    const home = homeOf(path, store, own)
    if (home === undefined) continue
    byRegion.set(home, (byRegion.get(home) ?? new Set()).add(path))
  }
  return Array.from(byRegion).flatMap(([home, paths]) =>
    chunksOf([...paths], batchSize)
      .filter(({ length }) => length > 1)
      .map((chunk) => ({ home, paths: chunk })),
  )
}

/** Undefined for a name that cannot be. */
function homeOf(path: string, store: string, own: string): string | undefined {
  try {
    return regionOfSecret(path, store) ?? own
  } catch {
    return undefined
  }
}

/** `AWSPREVIOUS`, `stage:NAME`, or an id. */
function selector(version: string | undefined): Readonly<Record<string, string>> {
  if (version === undefined) return {}
  if (version.startsWith('stage:')) return { VersionStage: version.slice('stage:'.length) }
  return /^AWS[A-Z]+$/.test(version) ? { VersionStage: version } : { VersionId: version }
}

interface ReadFacts extends Readonly<Record<string, string>> {
  readonly store: string
  readonly path: string
  readonly region: string
}

/** Undefined for what is no secret. */
function toAnswer(value: JsonObject): SecretAnswer | undefined {
  const version = textIn(value, 'VersionId')
  const text = textIn(value, 'SecretString')
  const binary = textIn(value, 'SecretBinary')
  if (version === undefined || (text === undefined && binary === undefined)) return undefined
  const bytes = text === undefined ? Buffer.from(binary ?? '', 'base64') : Buffer.from(text)
  return storedAnswer({ content: { kind: 'whole', bytes: heldBytes(bytes) }, version })
}

/** Undefined where the answer has nothing of that secret: it is as long as AWS likes, and not every secret has a replica. */
function pick(
  answer: JsonObject,
  facts: ReadFacts,
  isHome: boolean,
): SecretAnswer | AppError | undefined {
  const asked = secretIdIn(facts.path, facts.region)
  const value = objectsIn(answer, 'SecretValues').find((each) =>
    isNamed(asked, { name: textIn(each, 'Name') ?? '', arn: textIn(each, 'ARN') ?? '' }),
  )
  if (value !== undefined) return toAnswer(value)
  const fault = objectsIn(answer, 'Errors').find((each) => textIn(each, 'SecretId') === asked)
  if (fault === undefined || !isHome) return undefined
  const type = shortType(textIn(fault, 'ErrorCode') ?? '')
  return refusal({ status: 0, type, message: textIn(fault, 'Message') ?? '' }, facts, 0)
}
