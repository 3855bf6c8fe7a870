/** What a data file holds of named stores: `STORE:PATH`, with `@VERSION` where one is meant. */
import { AppError } from '../../core/errors.ts'
import { type JsonValue, stringifyJson } from '../../core/json.ts'
import { parseReference, type ReferenceStores } from '../../core/reference.ts'
import { listedAnswer } from '../../core/stores/listed-answer.ts'
import { bareStores } from '../../core/stores/settings/bare-stores.ts'
import { toReferenceStores } from '../../core/stores/settings/reference-stores.ts'
import { isStoreTypeName, storeTypeNames } from '../../core/stores/settings/store-types.ts'
import { storedAnswer } from '../../core/stores/stored-answer.ts'
import { toByteString } from '../../core/template/byte-string.ts'
import {
  namedStore,
  type SecretAnswer,
  type SecretRequest,
  secretRequestKey,
} from '../../core/template/secret-request.ts'

export interface DataStores {
  readonly stores: ReferenceStores
  /** Undefined for what is not there. */
  readonly find: (request: SecretRequest) => SecretAnswer | undefined
}

const prefixed = /^([a-z][a-z0-9-]*):/

/** Whether a path of a data file is one of a named store. */
export function namesStore(path: string): boolean {
  return prefixed.test(path)
}

/** A map is a JSON object in the store, anything else a text. Throws `input_invalid` for what is no reference. */
export function readDataStores(
  entries: ReadonlyMap<string, JsonValue>,
  file: string,
): DataStores | undefined {
  if (entries.size === 0) return undefined
  const stores = nameStores(Array.from(entries.keys(), (path) => prefixed.exec(path)?.[1] ?? ''))
  const answers = new Map<string, SecretAnswer>()
  const names = new Map<string, string[]>()
  for (const [text, value] of entries) {
    const { store, path, version } = readPath(text, { stores, file })
    const request = { kind: 'read', store, path, query: [] } as const
    const answer = answerWith(value)
    answers.set(
      secretRequestKey({ ...request, ...(version === undefined ? {} : { version }) }),
      answer,
    )
    names.set(store, [...(names.get(store) ?? []), path])
  }
  return {
    stores,
    find: (request) => {
      const store = namedStore(request)
      if (request.kind === 'list') return listedAnswer(request.path, names.get(store ?? '') ?? [])
      return answers.get(secretRequestKey(request))
    },
  }
}

/** What references may name beside the stores of a data file: `own`, and every type. */
export function withStores(
  stores: ReferenceStores | undefined,
  own: Iterable<string>,
): ReferenceStores {
  return nameStores([...(stores?.names ?? []), ...own])
}

/** Stores of one's own may be of any type, so whatever is a version somewhere is one. */
function nameStores(own: readonly string[]): ReferenceStores {
  const bare = toReferenceStores({ types: bareStores })
  return {
    fallback: undefined,
    names: new Set([...bare.names, ...own]),
    isVersion: (store, text) =>
      store === undefined || isStoreTypeName(store)
        ? bare.isVersion(store, text)
        : storeTypeNames.some((type) => bare.isVersion(type, text)),
  }
}

function readPath(
  text: string,
  { stores, file }: { readonly stores: ReferenceStores; readonly file: string },
) {
  const parsed = parseReference(text, stores)
  const { store, path, property, version } = parsed.kind === 'ok' ? parsed.value : nothing
  if (store !== undefined && property === undefined) return { store, path, version }
  throw new AppError('input_invalid', { file, path: text, expected: 'STORE:PATH, without a key' })
}

const nothing = { store: undefined, path: '', property: undefined, version: undefined }

function answerWith(value: JsonValue): SecretAnswer {
  const text = typeof value === 'string' ? value : stringifyJson(value)
  return storedAnswer({ content: { kind: 'whole', bytes: toByteString(text) } })
}
