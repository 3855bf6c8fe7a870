/**
 * A store with the names and the form that Keep HQ gives its secrets, so that each reads what the other wrote. Source:
 * keephq/keep, keep/secretmanager.
 */
import { AppError } from '../../errors.ts'
import { toByteString } from '../../template/byte-string.ts'
import type { SecretAnswer, SecretContent } from '../../template/secret-request.ts'
import { mergeMembers } from '../merged-members.ts'
import type { StoreTypeName } from '../settings/store-types.ts'
import type { ListQuery, ReadOutcome, Store, StoreWrite } from '../store.ts'
import { storedAnswer } from '../stored-answer.ts'

/** The one key, or field, of a secret. */
const wholeKey = 'value'

interface Form {
  /** A name of Keep HQ as the store names it. */
  readonly name: (path: string) => string
  /** What every name of the store begins with that is not part of Keep HQ's. */
  readonly prefix: string
}

/** The other types name secrets as they are called, and hold them as one text. */
const forms: Partial<Record<StoreTypeName, Form>> = {
  k8s: { name: (path) => path.replaceAll('_', '-').toLowerCase(), prefix: '' },
  vault: { name: (path) => `secret/${path.replace(/^\/+/, '')}`, prefix: 'secret/' },
}

export function asKeepStore(store: Store, type: StoreTypeName): Store {
  const form = forms[type]
  return form === undefined ? store : wrap(store, form)
}

function wrap(store: Store, { name, prefix }: Form): Store {
  const { list, write, delete: remove, restore, rotate, history, watch } = store
  const read: Store['read'] = async (reads, signal) => {
    const outcomes = await store.read(
      reads.map((each) => ({ ...each, path: name(each.path) })),
      signal,
    )
    return outcomes.map(unwrapOutcome)
  }
  return {
    ...store,
    read,
    ...(list === undefined
      ? {}
      : { list: (query, signal) => listNames(list, query, { name, prefix, signal }) }),
    ...(write === undefined
      ? {}
      : {
          write: async (asked, signal) => {
            const members = new Map([[wholeKey, await wholeOf(asked, read, signal)]])
            return write(
              { ...asked, path: name(asked.path), content: { kind: 'keys', members } },
              signal,
            )
          },
        }),
    ...(remove === undefined
      ? {}
      : { delete: (path, options, signal) => remove(name(path), options, signal) }),
    ...(restore === undefined ? {} : { restore: (path, signal) => restore(name(path), signal) }),
    ...(rotate === undefined
      ? {}
      : { rotate: (path, options, signal) => rotate(name(path), options, signal) }),
    ...(history === undefined ? {} : { history: (path, signal) => history(name(path), signal) }),
    ...(watch === undefined
      ? {}
      : {
          watch: (secrets, changed) =>
            watch(
              secrets.map(({ path, known }) => ({ path: name(path), known })),
              (place) => {
                for (const { path } of secrets) if (name(path) === place) changed(path)
              },
            ),
        }),
  }
}

function unwrapOutcome(outcome: ReadOutcome): ReadOutcome {
  return outcome.kind === 'read' ? { kind: 'read', answer: unwrap(outcome.answer) } : outcome
}

/** What has no such key is not Keep HQ's, and comes as it lies. */
function unwrap(answer: SecretAnswer): SecretAnswer {
  const bytes = keyOf(answer)
  if (bytes === undefined) return answer
  const content: SecretContent = { kind: 'whole', bytes }
  return storedAnswer({ content, version: answer.version, expiresAt: answer.expiresAt })
}

function keyOf({ content, data }: SecretAnswer): string | undefined {
  if (content?.kind === 'keys') return content.members.get(wholeKey)
  const inner = data?.get('data')
  const value = inner instanceof Map ? inner.get(wholeKey) : undefined
  return typeof value === 'string' ? toByteString(value) : undefined
}

/** Keys are those of the JSON text that is the secret. */
async function wholeOf(
  { path, content }: StoreWrite,
  read: Store['read'],
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  if (content.kind === 'whole') return content.bytes
  const [outcome] = await read([{ path, version: undefined, known: undefined }], signal)
  if (outcome?.kind === 'failed' && outcome.error.code !== 'secret_missing') throw outcome.error
  const held = outcome?.kind === 'read' ? outcome.answer.content : undefined
  const current = held?.kind === 'whole' ? Buffer.from(held.bytes, 'latin1') : undefined
  if (outcome?.kind === 'read' && current === undefined) {
    throw new AppError('input_invalid', { path, reason: 'what is there is not of Keep HQ' })
  }
  return mergeMembers(current, content.members, { path })
}

async function listNames(
  list: NonNullable<Store['list']>,
  { prefix: beginning = '', glob, ...query }: ListQuery,
  { name, prefix, signal }: Form & { readonly signal: AbortSignal | undefined },
) {
  const inner = {
    ...query,
    prefix: name(beginning),
    ...(glob === undefined ? {} : { glob: name(glob) }),
  }
  const { entries, isCapped } = await list(inner, signal)
  const own = entries.map((entry) => ({ ...entry, path: entry.path.slice(prefix.length) }))
  return { entries: own, isCapped }
}
