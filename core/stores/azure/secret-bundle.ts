/** Secrets as Key Vault describes them, and their names. */
import { AppError, type Facts } from '../../errors.ts'
import { JsonNumber, type JsonObject } from '../../json.ts'

/** Key Vault has no `_` in names, and environments no `-`: one stands for the other. Errors: `input_invalid`. */
export function toVaultName(path: string, store: string): string {
  if (/^[0-9A-Za-z_-]{1,127}$/.test(path)) return path.replaceAll('_', '-')
  const reason = 'a secret is called by at most 127 letters, digits, - and _, which stands for -'
  throw new AppError('input_invalid', { store, path, reason })
}

export interface SecretId {
  readonly name: string
  /** Undefined where it is that of the secret, not of a version. */
  readonly version: string | undefined
}

/** `https://VAULT/secrets/NAME/VERSION`. Errors: `store_answer_invalid`. */
export function readId(bundle: JsonObject, facts: Facts): SecretId {
  const id = bundle.get('id')
  const [, name, version] =
    typeof id === 'string' ? (/\/secrets\/([^/]+)(?:\/([^/]+))?$/.exec(id) ?? []) : []
  if (name !== undefined) return { name, version }
  throw new AppError('store_answer_invalid', { ...facts, reason: 'no secret' })
}

export interface Attributes {
  readonly isEnabled: boolean
  /** All of them milliseconds since the epoch. */
  readonly createdAt: number | undefined
  readonly updatedAt: number | undefined
  readonly expiresAt: number | undefined
}

export function readAttributes(bundle: JsonObject): Attributes {
  const attributes = bundle.get('attributes')
  const time = (name: string) => {
    const seconds = attributes instanceof Map ? attributes.get(name) : undefined
    return seconds instanceof JsonNumber ? Number(seconds.text) * 1000 : undefined
  }
  return {
    isEnabled: !(attributes instanceof Map) || attributes.get('enabled') !== false,
    createdAt: time('created'),
    updatedAt: time('updated'),
    expiresAt: time('exp'),
  }
}
