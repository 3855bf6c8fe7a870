/** Secrets read for references: as few requests as the stores allow, and what each reference picks. */
import { AppError } from '../../core/errors.ts'
import type { ReadOutcome, StoreRead } from '../../core/stores/store.ts'
import { fromByteString, toByteString } from '../../core/template/byte-string.ts'
import { scalarText } from '../../core/template/formats/scalar-text.ts'
import {
  pickProperty,
  readAnswer,
  readSecretData,
  suggestProperty,
} from '../../core/template/secret-data.ts'
import type { SecretAnswer } from '../../core/template/secret-request.ts'
import { anyMap, type GoMap } from '../../core/template/values.ts'
import type { OpenStores } from './open-stores.ts'
import type { NamedReference } from './reference.ts'

export type Found =
  | {
      readonly kind: 'found'
      /** What templates have in `.Data`, of a property that one key. */
      readonly data: GoMap
      /** The bytes of what is one value, as byte string. */
      readonly bytes: string | undefined
    }
  /** Optional, and not there. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly error: AppError }

/** One answer for each reference, in their order; each store is asked once. Throws what opening a store throws. */
export async function readSecrets(
  references: readonly NamedReference[],
  stores: OpenStores,
  signal: AbortSignal,
): Promise<readonly Found[]> {
  const names = [...new Set(references.map(({ store }) => store))]
  const outcomes = await Promise.all(
    names.map(async (name) => {
      const own = references.filter(({ store }) => store === name)
      const wanted = new Map(own.map((reference) => [keyOf(reference), toRead(reference)]))
      const { store } = await stores.open(name)
      const read = await store.read([...wanted.values()], signal)
      return Array.from(wanted.keys(), (key, index) => [key, read[index]] as const)
    }),
  )
  const known = new Map(outcomes.flat())
  return references.map((reference) => find(reference, known.get(keyOf(reference))))
}

/** References to one secret that differ in their property share a read. */
function keyOf({ store, path, version }: NamedReference): string {
  return JSON.stringify([store, path, version ?? null])
}

function toRead({ path, version }: NamedReference): StoreRead {
  return { path, version, known: undefined }
}

function find(reference: NamedReference, outcome: ReadOutcome | undefined): Found {
  if (outcome?.kind === 'read') return pick(reference, outcome.answer)
  const { store, path, isOptional } = reference
  const error =
    outcome?.kind === 'failed'
      ? outcome.error
      : new AppError('store_answer_invalid', { store, path })
  if (isOptional && error.code === 'secret_missing') return { kind: 'absent' }
  return { kind: 'failed', error }
}

function pick(reference: NamedReference, answer: SecretAnswer): Found {
  const { store, path, property, isOptional } = reference
  const answered = readAnswer(answer)
  const data = answered === undefined ? anyMap(new Map()) : readSecretData(answered).data
  if (property === undefined) {
    const whole = answer.content?.kind === 'whole' ? answer.content.bytes : undefined
    return { kind: 'found', data, bytes: whole ?? onlyValue(data) }
  }
  const name = toByteString(property)
  const picked = pickProperty(data, name)
  if (picked !== undefined) {
    const { key, value } = picked
    return { kind: 'found', data: anyMap(new Map([[key, value]])), bytes: scalarText(value) }
  }
  if (isOptional) return { kind: 'absent' }
  const nearest = suggestProperty(data, name)
  const hint = nearest === undefined ? {} : { hint: `did you mean #${fromByteString(nearest)}?` }
  return { kind: 'failed', error: new AppError('key_missing', { store, path, property, ...hint }) }
}

function onlyValue({ entries }: GoMap): string | undefined {
  const [only] = entries.values()
  return entries.size === 1 ? scalarText(only) : undefined
}
