/** What templates ask of named stores, answered by the stores of a command line. */
import { AppError } from '../../core/errors.ts'
import { listedAnswer, listingPrefix } from '../../core/stores/listed-answer.ts'
import {
  namedStore,
  type SecretAnswer,
  type SecretListRequest,
  type SecretReadRequest,
} from '../../core/template/secret-request.ts'
import type { SecretReader } from '../template.ts'
import { requireOperation } from './capability.ts'
import type { OpenedStore, OpenStores } from './open-stores.ts'

/** As many as no template is meant for. */
const mostNames = 10_000

/** `vault` answers what names no store. */
export function createStoreReader(
  vault: SecretReader,
  stores: OpenStores,
  signal: AbortSignal,
): SecretReader {
  return {
    read: async (request) => {
      const name = namedStore(request)
      if (name === undefined) return vault.read(request)
      const opened = await stores.open(name)
      if (request.kind === 'list') return list(request, opened, signal)
      if (request.kind === 'read') return read(request, opened, signal)
      throw new AppError('store_incapable', { store: name, operation: request.kind })
    },
  }
}

async function read(
  { path, version }: SecretReadRequest,
  { store }: OpenedStore,
  signal: AbortSignal,
): Promise<SecretAnswer> {
  const [outcome] = await store.read([{ path, version, known: undefined }], signal)
  if (outcome?.kind === 'read') return outcome.answer
  throw outcome?.kind === 'failed'
    ? outcome.error
    : new AppError('store_answer_invalid', { store: store.name, path })
}

async function list(
  { path }: SecretListRequest,
  opened: OpenedStore,
  signal: AbortSignal,
): Promise<SecretAnswer> {
  const query = { prefix: listingPrefix(path), limit: mostNames }
  const { entries, isCapped } = await requireOperation(opened, 'list')(query, signal)
  if (!isCapped) {
    return listedAnswer(
      path,
      entries.map((entry) => entry.path),
    )
  }
  const reason = `there are more than ${mostNames} names`
  throw new AppError('input_invalid', { store: opened.store.name, path, reason })
}
