/** A directory as a store: one file per secret, whose bytes are the secret; its name may have directories in it. */
import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { AppError, type ErrorCode, systemCode } from '../../errors.ts'
import { outside, PathRefused } from '../../machine/confined-path.ts'
import { mergeMembers } from '../merged-members.ts'
import { capListing, createNameFilter, refuseTags } from '../name-filter.ts'
import { readEach, type StorePlace, storeError } from '../read-each.ts'
import { type StoreSettings, settingOf } from '../settings/store-settings.ts'
import type { ListQuery, ReadOutcome, Store, StorePorts, StoreRead, StoreWrite } from '../store.ts'
import { heldBytes, storedAnswer } from '../stored-answer.ts'
import {
  checkName,
  currentGeneration,
  type FoundFile,
  readBelow,
  removeBelow,
  whyNoDirectory,
  writeBelow,
} from './confined-file.ts'
import { listBelow } from './listed-files.ts'

/** A directory whose generation changes under the reads is read anew so often. */
const mostTries = 5

/** Errors: `config_invalid` for a pod that names no directory. */
export function openDirectory(settings: StoreSettings, { environment }: StorePorts): Store {
  const { name } = settings
  const given = settingOf(settings, 'directory', environment)
  if (given === undefined && environment['KUBERNETES_SERVICE_HOST'] !== undefined) {
    throw new AppError('config_invalid', { store: name, reason: 'no directory' })
  }
  const root = resolve(given ?? '.')
  const at = <T>(path: string, work: () => T): T => {
    try {
      checkName(path)
      return work()
    } catch (thrown) {
      throw fileError(thrown, { store: name, path }, root)
    }
  }
  const read = (path: string) => at(path, () => readBelow(root, path))
  return {
    name,
    read: (reads, signal) =>
      readGeneration(root, () =>
        readEach(reads, { store: name, read: async (each) => answer(each, read), signal }),
      ),
    list: async (query) => list(root, name, query),
    write: async (write) => {
      const { path } = write
      refuseTags(write, name)
      const bytes = contentOf(write, () => findFile(() => read(path)), name)
      at(path, () => writeBelow(root, path, bytes))
      return versionOf(read(path))
    },
    delete: async (path) => at(path, () => removeBelow(root, path)),
  }
}

/** All of the reads from one generation, where files change all at once: the kubelet's ConfigMaps and Secrets, and our own. */
async function readGeneration(
  root: string,
  read: () => Promise<readonly ReadOutcome[]>,
): Promise<readonly ReadOutcome[]> {
  for (let tried = 1; ; tried++) {
    const before = currentGeneration(root)
    const outcomes = await read()
    if (before === currentGeneration(root) || tried === mostTries) return outcomes
  }
}

function answer({ path, version }: StoreRead, read: (path: string) => FoundFile) {
  if (version !== undefined) {
    throw new AppError('input_invalid', { reason: 'files have no versions' })
  }
  const found = read(path)
  const content = { kind: 'whole', bytes: heldBytes(found.bytes) } as const
  return storedAnswer({ content, version: versionOf(found) })
}

/** Of the content, with the file's time in it so that nobody finds a weak secret by its version. */
function versionOf({ bytes, status }: FoundFile): string {
  const hash = createHash('sha256').update(`${status.ino}:${status.mtimeNs}:`).update(bytes)
  return hash.digest('hex').slice(0, 32)
}

function contentOf(
  { path, content }: StoreWrite,
  find: () => FoundFile | undefined,
  store: string,
): Uint8Array {
  if (content.kind === 'whole') return content.bytes
  return mergeMembers(find()?.bytes, content.members, { store, path })
}

function findFile(read: () => FoundFile): FoundFile | undefined {
  try {
    return read()
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    // A write makes the directory, too.
    const isAbsent = thrown.code === 'store_unreachable' && thrown.facts['cause'] === 'ENOENT'
    if (isAbsent || thrown.code === 'secret_missing') return undefined
    throw thrown
  }
}

function list(root: string, store: string, query: ListQuery) {
  refuseTags(query, store)
  const fits = createNameFilter(query)
  try {
    const entries = Array.from(listBelow(root)).filter(({ path }) => fits(path))
    return capListing(entries, query.limit)
  } catch (thrown) {
    throw fileError(thrown, { store, path: query.prefix ?? '' }, root)
  }
}

const codes = new Map<string | undefined, ErrorCode>([
  ['ENOENT', 'secret_missing'],
  ['ENOTDIR', 'secret_missing'],
  ['EISDIR', 'secret_missing'],
  ['EACCES', 'store_refused'],
  ['EPERM', 'store_refused'],
  ['EROFS', 'store_refused'],
  ['ELOOP', 'store_refused'],
  ['ENAMETOOLONG', 'input_invalid'],
])

/** A secret is missing in a directory that is there: one that is not may only not have been mounted yet. */
function fileError(thrown: unknown, place: StorePlace, root: string): AppError {
  const code = thrown instanceof PathRefused ? refusalCode(thrown) : codes.get(systemCode(thrown))
  const cause = code === 'secret_missing' ? whyNoDirectory(root) : undefined
  if (cause !== undefined) return new AppError('store_unreachable', { ...place, at: root, cause })
  if (thrown instanceof PathRefused) {
    return new AppError(refusalCode(thrown), { ...place, reason: thrown.message })
  }
  return storeError(thrown, place, code ?? 'store_busy')
}

function refusalCode({ message }: PathRefused): ErrorCode {
  return message === outside ? 'store_refused' : 'secret_missing'
}
