/** What a template asks of the stores, and what it is answered. */
import { type JsonValue, stringifyJson } from '../json.ts'

/** A read, `secret "PATH?k=v"` or `secret "STORE:PATH"`. */
export interface SecretReadRequest {
  readonly kind: 'read'
  /** Undefined: the pod's own Vault. */
  readonly store?: string
  /** Of the pod's own Vault without slashes at its ends and not yet rewritten for KV version 2; of a named store as that has it. */
  readonly path: string
  /** Of a named store, undefined: the current one. The pod's own Vault takes it as a parameter of `query`. */
  readonly version?: string
  /** Query parameters by name, for example `version`. */
  readonly query: readonly (readonly [string, string])[]
}

/** A write whose answer is rendered, `secret "PATH" "k=v"`. */
export interface SecretWriteRequest {
  readonly kind: 'write'
  readonly path: string
  readonly data: ReadonlyMap<string, JsonValue>
}

/** A list, `secrets "PATH"`; the names are in the answer's `keys`, none where nothing is there. */
export interface SecretListRequest {
  readonly kind: 'list'
  /** Undefined: the pod's own Vault. A named store answers with `listedAnswer`. */
  readonly store?: string
  /** Without trailing slashes; of a named store empty for all that it has. */
  readonly path: string
}

/** A certificate to be issued, `pkiCert "PATH" "k=v"`. */
export interface SecretPkiRequest {
  readonly kind: 'pki'
  readonly path: string
  readonly data: ReadonlyMap<string, JsonValue>
}

export type SecretRequest =
  | SecretReadRequest
  | SecretWriteRequest
  | SecretListRequest
  | SecretPkiRequest

/** What a call in a template asks for, and what of the answer it wants. */
export interface SecretQuestion {
  readonly request: SecretRequest
  /** Undefined: the whole answer, which must come. */
  readonly reference?: AskedReference
}

/** All are byte strings. */
export interface AskedReference {
  /** As it is written. */
  readonly text: string
  /** Undefined: all keys. */
  readonly property: string | undefined
  readonly isOptional: boolean
}

/** A login made by the store on the template's behalf, `.Auth`. */
export interface SecretAuth {
  readonly clientToken: string
  readonly accessor: string
  readonly policies: readonly string[]
  readonly metadata: ReadonlyMap<string, string>
  /** Seconds. */
  readonly leaseDuration: number
  readonly renewable: boolean
}

/** A response-wrapping token, `.WrapInfo`. */
export interface SecretWrapInfo {
  readonly token: string
  /** Seconds. */
  readonly ttl: number
  /** RFC 3339, as the store wrote it. */
  readonly creationTime: string
  readonly wrappedAccessor: string
}

/** A store's answer, whole. Source: consul-template's dependency.Secret. */
export interface SecretAnswer {
  readonly requestId: string
  readonly leaseId: string
  /** Seconds. */
  readonly leaseDuration: number
  readonly renewable: boolean
  /** Null where the answer has no data, as for a destroyed version. */
  readonly data: ReadonlyMap<string, JsonValue> | null
  readonly warnings: readonly string[]
  readonly auth?: SecretAuth
  readonly wrapInfo?: SecretWrapInfo
  /** Of a store that is no Vault: what lies there as it lies; `data` is null then, for what templates see is made of this. */
  readonly content?: SecretContent
  /** The version's name in its store. */
  readonly version?: string
  /** When the store itself says that the secret ends, milliseconds since the epoch. */
  readonly expiresAt?: number
}

/** What a host answers where it knows that nothing is there: an optional reference is content with it, any other goes on missing it. */
export const absentAnswer: SecretAnswer = {
  requestId: '',
  leaseId: '',
  leaseDuration: 0,
  renewable: false,
  data: null,
  warnings: [],
}

/** Byte strings: one UTF-16 unit for each byte. */
export type SecretContent =
  | { readonly kind: 'whole'; readonly bytes: string }
  /** Several by key, as in a Kubernetes Secret. */
  | { readonly kind: 'keys'; readonly members: ReadonlyMap<string, string> }

/**
 * One text per distinct request, for use as a map's key: two requests share it exactly when one answer serves both. The
 * order of parameters does not matter. A write's key holds the values written, so it is as secret as they are.
 */
export function secretRequestKey(request: SecretRequest): string {
  const parameters = parametersOf(request)
  const sorted = parameters.toSorted(([left], [right]) =>
    left < right ? -1 : left > right ? 1 : 0,
  )
  return stringifyJson([request.kind, request.path, sorted, ...storeOf(request)])
}

/** The store that is asked; undefined: the pod's own Vault, which alone takes writes and issues certificates. */
export function namedStore(request: SecretRequest): string | undefined {
  return request.kind === 'read' || request.kind === 'list' ? request.store : undefined
}

/** Nothing for the pod's own Vault. */
function storeOf(request: SecretRequest): readonly JsonValue[] {
  const store = namedStore(request)
  if (store === undefined) return []
  return request.kind === 'read' ? [store, request.version ?? null] : [store]
}

function parametersOf(request: SecretRequest): readonly (readonly [string, JsonValue])[] {
  switch (request.kind) {
    case 'read':
      return request.query
    case 'list':
      return []
    default:
      return [...request.data]
  }
}
