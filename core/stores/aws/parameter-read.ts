/** Reads of Parameter Store, ten at a time. */
import { AppError } from '../../errors.ts'
import type { JsonObject } from '../../json.ts'
import type { SecretAnswer } from '../../template/secret-request.ts'
import { chunksOf } from '../chunks.ts'
import { readEach, type StorePlace } from '../read-each.ts'
import type { Store, StoreRead } from '../store.ts'
import { heldBytes, storedAnswer } from '../stored-answer.ts'
import { numberIn, objectsIn, textIn, textsIn } from './answer.ts'
import { parseParameterName } from './parameter-name.ts'
import { mayBeOfOne, refusal } from './refusal.ts'
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
  const ask = async (names: readonly string[], path: string, signal?: AbortSignal) => {
    const input = { Names: names, WithDecryption: true }
    return call({ operation: 'GetParameters', input, path, signal })
  }

  const readOne = async (place: StorePlace, name: string, signal?: AbortSignal) => {
    const answer = await ask([name], place.path, signal)
    const [parameter] = objectsIn(answer, 'Parameters')
    const facts = { ...place, region }
    return parameter === undefined ? missingIn(answer, name, facts) : toAnswer(parameter, facts)
  }

  /** A call fails as a whole for one parameter that may not be read: those of such a call are read one by one. */
  const readTogether = async (reads: readonly StoreRead[], signal?: AbortSignal) => {
    const found = new Map<string, JsonObject | AppError>()
    const chunks = chunksOf(currentNames(reads, store), batchSize)
    await Promise.all(
      chunks
        .filter(({ length }) => length > 1)
        .map(async (names) => {
          try {
            const answer = await ask(names, names.join(', '), signal)
            for (const name of names) found.set(name, answer)
          } catch (thrown) {
            if (!(thrown instanceof AppError)) throw thrown
            if (!mayBeOfOne(thrown)) for (const name of names) found.set(name, thrown)
          }
        }),
    )
    return found
  }

  return async (reads, signal) => {
    const together = await readTogether(reads, signal)
    const read = async ({ path, version }: StoreRead): Promise<SecretAnswer> => {
      const place = { store, path }
      const { name, selector } = parseParameterName(place, version)
      if (selector !== undefined) return readOne(place, `${name}:${selector}`, signal)
      const found = together.get(name)
      if (found instanceof AppError) throw new AppError(found.code, { ...found.facts, path })
      return found === undefined
        ? readOne(place, name, signal)
        : pick(found, name, { ...place, region })
    }
    return readEach(reads, { store, read, countsVersions: true, signal })
  }
}

/** Each once; names that cannot be are refused one by one, and versions with a name are read by themselves. */
function currentNames(reads: readonly StoreRead[], store: string): readonly string[] {
  const names = reads.flatMap(({ path, version }) => {
    try {
      const { name, selector } = parseParameterName({ store, path }, version)
      return selector === undefined ? [name] : []
    } catch {
      return []
    }
  })
  return [...new Set(names)]
}

type PickFacts = StorePlace & { readonly region: string }

function pick(answer: JsonObject, name: string, facts: PickFacts): SecretAnswer {
  const parameter = objectsIn(answer, 'Parameters').find(
    (each) => textIn(each, 'Name') === name || textIn(each, 'ARN') === name,
  )
  return parameter === undefined ? missingIn(answer, name, facts) : toAnswer(parameter, facts)
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
function missingIn(answer: JsonObject, name: string, facts: PickFacts): never {
  if (textsIn(answer, 'InvalidParameters').includes(name)) {
    const refused = { status: 0, type: 'ParameterNotFound', message: '' }
    throw refusal(refused, { ...facts }, 0)
  }
  throw new AppError('store_answer_invalid', { ...facts, reason: 'a parameter is not answered' })
}
