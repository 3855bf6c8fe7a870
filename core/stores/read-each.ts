/** Reads of a store that answers one at a time. */
import { AppError, type ErrorCode, toAppError } from '../errors.ts'
import type { SecretAnswer } from '../template/secret-request.ts'
import type { ReadOutcome, StoreRead } from './store.ts'

export interface EachRead {
  readonly store: string
  /** Undefined for what is `unchanged`. Anything that it throws and that is no `AppError` becomes `store_unreachable`. */
  readonly read: (read: StoreRead) => Promise<SecretAnswer | undefined>
  /** Whether versions are counted for each secret: one that was deleted and made anew has the same ones again, of other values. Default false. */
  readonly countsVersions?: boolean
  /** How many at one time. Default 8. */
  readonly lanes?: number
  readonly signal?: AbortSignal | undefined
}

/** One outcome for each of `reads`, in their order; equal ones share one. Facts of errors have the store and the path. */
export async function readEach(
  reads: readonly StoreRead[],
  { store, read, countsVersions = false, lanes = 8, signal }: EachRead,
): Promise<readonly ReadOutcome[]> {
  const outcomes = new Map<string, ReadOutcome>()
  const due = [...new Map(reads.map((each) => [keyOf(each), each])).values()].values()
  const work = async () => {
    for (const each of due) outcomes.set(keyOf(each), await settle(each))
  }
  const settle = async (each: StoreRead): Promise<ReadOutcome> => {
    try {
      if (signal?.aborted === true) throw ended()
      const answer = await read(each)
      const isKnown = !countsVersions && each.known !== undefined && answer?.version === each.known
      return answer === undefined || isKnown ? { kind: 'unchanged' } : { kind: 'read', answer }
    } catch (thrown) {
      return failedRead(thrown, { store, path: each.path })
    }
  }
  await Promise.all(Array.from({ length: Math.min(lanes, reads.length) }, work))
  return reads.map(
    (each) => outcomes.get(keyOf(each)) ?? failedRead(ended(), { store, path: each.path }),
  )
}

export interface StorePlace {
  readonly store: string
  readonly path: string
}

/** What `thrown` is to the caller of a store: an `AppError` that says where. */
export function storeError(
  thrown: unknown,
  { store, path }: StorePlace,
  fallback: ErrorCode = 'store_unreachable',
): AppError {
  const error = toAppError(thrown, fallback)
  // Where the request went is `at`: the path of all facts is the secret's.
  const { path: at, ...facts } = error.facts
  const place = at === undefined || at === path ? {} : { at }
  return new AppError(error.code, { store, path, ...facts, ...place }, { cause: thrown })
}

/** Calls about one secret of `store`, whose errors say so. */
export function createCalls(store: string) {
  return async <T>(path: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (thrown) {
      throw storeError(thrown, { store, path })
    }
  }
}

function failedRead(thrown: unknown, place: StorePlace): ReadOutcome {
  return { kind: 'failed', error: storeError(thrown, place) }
}

/** What a call ends with that was told to. */
export function ended(): AppError {
  return new AppError('store_unreachable', { cause: 'ABORT_ERR' })
}

function keyOf({ path, version, known }: StoreRead): string {
  return JSON.stringify([path, version, known])
}

/** What `work` comes to, unless `signal` aborts before: then nobody waits for it any more. Errors: `store_unreachable` then. */
export async function unlessEnded<T>(
  work: () => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (signal === undefined) return work()
  if (signal.aborted) throw ended()
  return new Promise<T>((resolve, reject) => {
    const end = () => reject(ended())
    signal.addEventListener('abort', end)
    work()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', end))
  })
}
