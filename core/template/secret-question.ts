/** Words of a template as what they ask of the stores. */
import { parsePrefix, parseReference, type ReferenceStores } from '../reference.ts'
import { fromByteString, toByteString } from './byte-string.ts'
import { FunctionError } from './functions/function.ts'
import { quote } from './quote.ts'
import { parseReadPath, trimPath } from './read-path.ts'
import type { SecretListRequest, SecretQuestion, SecretReadRequest } from './secret-request.ts'
import { trimSpace } from './trim.ts'

/** A path of the one Vault, or a reference where there are `stores`. Throws `FunctionError`. */
export function askForSecret(text: string, stores: ReferenceStores | undefined): SecretQuestion {
  if (stores === undefined) return { request: parseReadPath(text) }
  const parsed = parseReference(fromByteString(text), stores)
  if (parsed.kind === 'issues') {
    const [{ expected } = { expected: 'a reference' }] = parsed.issues
    throw new FunctionError(`expected ${expected}: `, { value: quote(text) })
  }
  const { store, path, property, version, isOptional } = parsed.value
  const request = store === undefined ? readVault(path, version) : readStore(store, path, version)
  const key = property === undefined ? undefined : toByteString(property)
  return { request, reference: { text: trimSpace(text), property: key, isOptional } }
}

/** Of the pod's own Vault a version is a parameter. */
function readVault(path: string, version: string | undefined): SecretReadRequest {
  const request = parseReadPath(toByteString(path))
  if (version === undefined) return request
  if (request.query.some(([name]) => name === 'version')) {
    throw new FunctionError('the version is given twice, with @ and with ?version=')
  }
  return { ...request, query: [...request.query, ['version', version]] }
}

function readStore(store: string, path: string, version: string | undefined): SecretReadRequest {
  const request: SecretReadRequest = { kind: 'read', store, path, query: [] }
  return version === undefined ? request : { ...request, version }
}

/** Nothing is asked of an empty path. Throws `FunctionError`. */
export function askForNames(
  text: string,
  stores: ReferenceStores | undefined,
): SecretListRequest | undefined {
  if (text === '') return undefined
  const { store, path } = stores === undefined ? stock : parsePrefix(fromByteString(text), stores)
  if (store !== undefined) return { kind: 'list', store, path: path.replace(/\/+$/, '') }
  const trimmed = trimPath(text)
  if (trimmed === '') throw new FunctionError('vault.list: invalid format: ""')
  return { kind: 'list', path: fromByteString(trimmed) }
}

const stock = { store: undefined, path: '' }

/** Writes and certificates are for the pod's own Vault, whatever the default store is. Throws `FunctionError` for a path that names another. */
export function refuseStore(text: string, stores: ReferenceStores | undefined): void {
  const prefix = text.slice(0, Math.max(0, text.indexOf(':'))).trimStart()
  if (stores?.names.has(prefix) !== true) return
  throw new FunctionError(
    `only the pod's own Vault takes arguments and issues certificates, and this names the store ${prefix}; write there with claviger set`,
  )
}
