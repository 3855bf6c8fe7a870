/** Reads of Parameter Store, ten at a time. */
import { AppError } from '../../errors.ts'
import type { JsonObject } from '../../json.ts'
import type { SecretAnswer } from '../../template/secret-request.ts'
import { readEach, type StorePlace } from '../read-each.ts'
import type { Store, StoreRead } from '../store.ts'
import { heldBytes, storedAnswer } from '../stored-answer.ts'
import { numberIn, objectsIn, textIn, textsIn } from './answer.ts'
import { parseParameterName } from './parameter-name.ts'
import { refusal } from './refusal.ts'
import type { CallService } from './service-client.ts'

/** So many does one call take. */
const batchSize = 10

export interface ParameterReaderOptions {
  readonly store: string
  readonly region: string
  readonly call: CallService
}

export function createParameterReader({
  store,
  region,
  call,
}: ParameterReaderOptions): Store['read'] {
  /** By what was asked for; what the service does not have is absent. */
  const ask = async (names: readonly string[], place: StorePlace, signal?: AbortSignal) => {
    const input = { Names: names, WithDecryption: true }
    const answer = await call({ operation: 'GetParameters', input, path: place.path, signal })
    return new Map(names.flatMap((name) => pick(answer, name, { ...place, region })))
  }

  /** A call fails as a whole for one parameter that may not be read: those of such a call are read one by one. */
  const readTogether = async (reads: readonly StoreRead[], signal?: AbortSignal) => {
    const found = new Map<string, Found>()
    await Promise.all(
      chunksOf(askedNames(reads, store)).map(async (names) => {
        try {
          const answers = await ask(names, { store, path: names.join(', ') }, signal)
          for (const name of names) found.set(name, answers.get(name) ?? 'missing')
        } catch (thrown) {
          if (!(thrown instanceof AppError)) throw thrown
          if (thrown.code !== 'store_refused') for (const name of names) found.set(name, thrown)
        }
      }),
    )
    return found
  }

  return async (reads, signal) => {
    const together = await readTogether(reads, signal)
    const read = async ({ path, version }: StoreRead): Promise<SecretAnswer> => {
      const place = { store, path }
      const name = askedName(place, version)
      const found = together.get(name) ?? (await ask([name], place, signal)).get(name) ?? 'missing'
      if (found instanceof AppError) throw new AppError(found.code, { ...found.facts, path })
      if (found === 'missing') throw missing(place, region)
      return found
    }
    return readEach(reads, { store, read, signal })
  }
}

type Found = SecretAnswer | AppError | 'missing'

function askedName(place: StorePlace, version: string | undefined): string {
  const { name, selector } = parseParameterName(place, version)
  return selector === undefined ? name : `${name}:${selector}`
}

/** Each once; names that cannot be are refused one by one. */
function askedNames(reads: readonly StoreRead[], store: string): readonly string[] {
  const names = reads.flatMap(({ path, version }) => {
    try {
      return [askedName({ store, path }, version)]
    } catch {
      return []
    }
  })
  return [...new Set(names)]
}

/** A name alone is read by itself. */
function chunksOf(names: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(names.length / batchSize)
  return Array.from({ length: count }, (_, index) =>
    names.slice(index * batchSize, (index + 1) * batchSize),
  ).filter((chunk) => chunk.length > 1)
}

type PickFacts = StorePlace & { readonly region: string }

function pick(
  answer: JsonObject,
  asked: string,
  facts: PickFacts,
): readonly (readonly [string, SecretAnswer])[] {
  const parameter = objectsIn(answer, 'Parameters').find((each) => isAsked(each, asked))
  if (parameter !== undefined) return [[asked, toAnswer(parameter, facts)]]
  if (textsIn(answer, 'InvalidParameters').includes(asked)) return []
  throw new AppError('store_answer_invalid', {
    ...facts,
    reason: 'not every parameter is answered',
  })
}

function isAsked(parameter: JsonObject, asked: string): boolean {
  const selector = textIn(parameter, 'Selector') ?? ''
  return [textIn(parameter, 'Name'), textIn(parameter, 'ARN')].some(
    (name) => name !== undefined && `${name}${selector}` === asked,
  )
}

function toAnswer(parameter: JsonObject, facts: PickFacts): SecretAnswer {
  const value = textIn(parameter, 'Value')
  const version = numberIn(parameter, 'Version')
  if (value === undefined || version === undefined) {
    const reason = 'no parameter with a value and a version'
    throw new AppError('store_answer_invalid', { ...facts, reason })
  }
  return storedAnswer({ content: { kind: 'whole', bytes: heldBytes(Buffer.from(value)) }, version })
}

/** GetParameters names what it has not, and gives no reason. */
function missing(place: StorePlace, region: string): AppError {
  const refused = { status: 0, type: 'ParameterNotFound', message: '' }
  return refusal(refused, { ...place, region }, 0)
}
