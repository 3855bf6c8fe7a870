/** A reference to a secret, `[store:]path[#property][@version][?]`, as annotations, templates and the command line write it. */
import type { Parsed } from './issue.ts'
import { findNearest } from './nearest.ts'

export interface Reference {
  /** Undefined: the pod's own Vault. */
  readonly store: string | undefined
  /** As the store names the secret, without white space around it. */
  readonly path: string
  /** A key of the secret, or a path of keys with dots between them; undefined: all of it. */
  readonly property: string | undefined
  /** Undefined: the current one. */
  readonly version: string | undefined
  /** Whether a secret or property that does not exist is no failure: the reference ends in `?`. */
  readonly isOptional: boolean
}

/** Stores that are known, and how each spells versions. */
export interface ReferenceStores {
  /** The store of references without a prefix; undefined: the pod's own Vault. */
  readonly fallback: string | undefined
  /** Names of stores; whatever else stands before a colon belongs to the path. */
  readonly names: ReadonlySet<string>
  /** Whether a text after `@` is a version of that store; undefined is the pod's own Vault. What is none belongs to the path. */
  readonly isVersion: (store: string | undefined, text: string) => boolean
}

/** A store's name: as Kubernetes names labels, so that an annotation can hold it. */
export const storeNamePattern = /^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/

/**
 * Issue code: `reference`, for what is empty.
 * `%23`, `%40`, `%3F` and `%25` stand for `#`, `@`, `?` and `%` in a reference that names its store; a path of the pod's
 * own Vault is taken as Vault's clients write it, so it is not decoded.
 */
export function parseReference(text: string, stores: ReferenceStores): Parsed<Reference> {
  const whole = text.trim()
  const { store, rest } = splitStore(whole, stores)
  const isOptional = rest.endsWith('?')
  const written = isOptional ? rest.slice(0, -1).trimEnd() : rest
  const hash = written.indexOf('#')
  const place = hash < 0 ? written : written.slice(0, hash)
  const tail = splitVersion(hash < 0 ? place : written.slice(hash + 1), store, stores)
  const path = cleanPath(decode(hash < 0 ? tail.name : place, store))
  const property = hash < 0 ? undefined : decode(tail.name, store)
  if (path === '') return refuse(whole, 'a path')
  if (property === '') return refuse(whole, 'a key after #')
  return { kind: 'ok', value: { store, path, property, version: tail.version, isOptional } }
}

/** Whether a text, were it a reference, may lead nowhere. */
export function endsOptional(text: string): boolean {
  return text.trimEnd().endsWith('?')
}

/** The reference as text; parsing it gives the same again. */
export function formatReference(reference: Reference): string {
  const { store, path, property, version, isOptional } = reference
  const encode = (text: string) =>
    store === undefined ? text : text.replace(/[%#@?]/g, percentEncode)
  return [
    store === undefined ? '' : `${store}:`,
    encode(path),
    property === undefined ? '' : `#${encode(property)}`,
    version === undefined ? '' : `@${version}`,
    isOptional ? '?' : '',
  ].join('')
}

function splitStore(text: string, { names, fallback }: ReferenceStores) {
  const at = text.indexOf(':')
  const prefix = at < 0 ? '' : text.slice(0, at)
  return names.has(prefix)
    ? { store: prefix, rest: text.slice(at + 1) }
    : { store: fallback, rest: text }
}

function splitVersion(text: string, store: string | undefined, { isVersion }: ReferenceStores) {
  const at = text.lastIndexOf('@')
  const version = at < 0 ? '' : text.slice(at + 1)
  return at >= 0 && isVersion(store, version)
    ? { name: text.slice(0, at), version }
    : { name: text, version: undefined }
}

/** Where a listing looks, `[store:]prefix`: all of it is the prefix, and an empty one is all that a store has. */
export function parsePrefix(
  text: string,
  stores: ReferenceStores,
): Pick<Reference, 'store' | 'path'> {
  const { store, rest } = splitStore(text.trim(), stores)
  return { store, path: decode(rest, store) }
}

/** The store that a reference of the default store may have meant: `asw:prod/db` is hardly ever a path of Vault. */
export function findMeantStore(text: string, names: ReadonlySet<string>): string | undefined {
  const [, prefix = ''] = /^([a-z][a-z0-9-]*):/.exec(text.trim()) ?? []
  return prefix.length < 2 || names.has(prefix) ? undefined : findNearest(prefix, names)
}

function decode(text: string, store: string | undefined): string {
  if (store === undefined) return text
  return text.replace(/%(23|25|3[fF]|40)/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  )
}

function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}

/** Slashes alone are no name. */
function cleanPath(path: string): string {
  const bare = path.trim()
  return /^\/+$/.test(bare) ? '' : bare
}

function refuse(path: string, expected: string): Parsed<Reference> {
  return { kind: 'issues', issues: [{ code: 'reference', path, expected }] }
}
