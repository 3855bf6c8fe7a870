/** Reads of Secrets Manager: current versions many at a time, from a replica where the first region does not answer. */
import { AppError } from '../../errors.ts'
import type { JsonObject } from '../../json.ts'
import { Secret } from '../../secret.ts'
import type { SecretAnswer } from '../../template/secret-request.ts'
import { readEach } from '../read-each.ts'
import type { ReadOutcome, StorePorts, StoreRead } from '../store.ts'
import { heldBytes, storedAnswer } from '../stored-answer.ts'
import { objectsIn, textIn } from './answer.ts'
import { refusal } from './refusal.ts'
import type { Regions } from './regions.ts'
import { isNamed, regionOfSecret, secretIdIn } from './secret-name.ts'
import { type CallService, shortType } from './service-client.ts'

export interface ReaderOptions {
  readonly store: string
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
/** A policy that does not allow the call is asked again after this. */
const denialMs = 86_400_000

export function createSecretReader(options: ReaderOptions): ReadSecrets {
  const { store, call, regions } = options
  const denial = createDenialMemory(options)
  const readOne = async (
    { path, version }: StoreRead,
    signal?: AbortSignal,
  ): Promise<SecretAnswer> =>
    regions.ask(regionOfSecret(path, store), async (region) => {
      const input = { SecretId: secretIdIn(path, region), ...selector(version) }
      const facts = { store, path, region }
      return toAnswer(
        await call({ operation: 'GetSecretValue', input, path, region, signal }),
        facts,
      )
    })

  /** Answers and errors by path; a path without either is read by itself. */
  const readBatch = async (
    paths: readonly string[],
    home: string | undefined,
    signal?: AbortSignal,
  ) =>
    regions.ask(home, async (region, isHome) => {
      const path = paths.join(', ')
      const input = { SecretIdList: paths.map((each) => secretIdIn(each, region)) }
      const answer = await call({ operation: 'BatchGetSecretValue', input, path, region, signal })
      return new Map(
        paths.map((path) => [path, pick(answer, { store, path, region }, isHome)] as const),
      )
    })

  const readTogether = async (
    reads: readonly StoreRead[],
    signal?: AbortSignal,
  ): Promise<Found> => {
    const found = new Map<string, SecretAnswer | AppError>()
    const batches = denial.isRecent() ? [] : batchesOf(reads, store)
    await Promise.all(
      batches.map(async ({ home, paths }) => {
        try {
          for (const [path, each] of await readBatch(paths, home, signal)) {
            if (each !== undefined) found.set(path, each)
          }
        } catch (thrown) {
          if (isDenied(thrown)) denial.remember()
          else for (const path of paths) found.set(path, failureOf(thrown, path))
        }
      }),
    )
    return found
  }

  return async (reads, signal) => {
    const found = await readTogether(reads, signal)
    const read = async (each: StoreRead) => {
      const known = isCurrent(each) ? found.get(each.path) : undefined
      if (known instanceof AppError) throw known
      return known ?? readOne(each, signal)
    }
    return readEach(reads, { store, read, signal })
  }
}

type Found = ReadonlyMap<string, SecretAnswer | AppError>

interface Batch {
  readonly home: string | undefined
  readonly paths: readonly string[]
}

function isCurrent({ version }: StoreRead): boolean {
  return version === undefined || version === 'AWSCURRENT'
}

/** Current versions by region; one alone is a call of its own anyway, and names that cannot be are refused one by one. */
function batchesOf(reads: readonly StoreRead[], store: string): readonly Batch[] {
  const byRegion = new Map<string | undefined, Set<string>>()
  for (const { path } of reads.filter(isCurrent)) {
    const home = homeOf(path, store)
    if (home === 'invalid') continue
    byRegion.set(home, (byRegion.get(home) ?? new Set()).add(path))
  }
  return Array.from(byRegion).flatMap(([home, set]) => {
    const paths = [...set]
    const count = Math.ceil(paths.length / batchSize)
    return Array.from({ length: count }, (_, index) => ({
      home,
      paths: paths.slice(index * batchSize, (index + 1) * batchSize),
    })).filter((batch) => batch.paths.length > 1)
  })
}

/** No region is called `invalid`. */
function homeOf(path: string, store: string): string | undefined {
  try {
    return regionOfSecret(path, store)
  } catch {
    return 'invalid'
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

function toAnswer(value: JsonObject, facts: ReadFacts): SecretAnswer {
  const version = textIn(value, 'VersionId')
  const text = textIn(value, 'SecretString')
  const binary = textIn(value, 'SecretBinary')
  if (version === undefined || (text === undefined && binary === undefined)) {
    throw new AppError('store_answer_invalid', { ...facts, reason: 'no secret with a VersionId' })
  }
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
  if (value !== undefined) return toAnswer(value, facts)
  const fault = objectsIn(answer, 'Errors').find((each) => textIn(each, 'SecretId') === asked)
  if (fault === undefined || !isHome) return undefined
  const type = shortType(textIn(fault, 'ErrorCode') ?? '')
  return refusal({ status: 0, type, message: textIn(fault, 'Message') ?? '' }, facts, 0)
}

/** Services that stand in for AWS may not have the call at all. */
function isDenied(thrown: unknown): boolean {
  if (!(thrown instanceof AppError) || thrown.code !== 'store_refused') return false
  const { reason, action } = thrown.facts
  if (reason === 'UnknownOperationException') return true
  return reason === 'AccessDeniedException' && action !== 'secretsmanager:GetSecretValue'
}

function failureOf(thrown: unknown, path: string): AppError {
  if (!(thrown instanceof AppError)) throw thrown
  return new AppError(thrown.code, { ...thrown.facts, path }, { cause: thrown })
}

/** A hibernating agent learns once a day, not once a step, that its policy does not allow batches. */
function createDenialMemory({ store, ports }: ReaderOptions) {
  const { memory, now, logger } = ports
  const name = `aws-batch-denied ${store}`
  const isRecent = () => {
    const at = Number(memory.recall(name)?.reveal() ?? Number.NaN)
    return Math.abs(now() - at) < denialMs
  }
  return {
    isRecent,
    remember: () => {
      if (isRecent()) return
      memory.remember(name, new Secret(String(now())))
      logger.info('secrets are read one by one, since the policy denies BatchGetSecretValue', {
        store,
      })
    },
  }
}
