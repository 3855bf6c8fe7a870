/** The path of a read is taken for a URL, as consul-template takes it. Source: Go's net/url. */
import { fromByteString } from './byte-string.ts'
import { FunctionError } from './functions/function.ts'
import type { SecretReadRequest } from './secret-request.ts'
import { trimSpace } from './trim.ts'
import { parseUrl, unescapeQuery } from './url.ts'

/** Without the space and then the slashes around it. */
export function trimPath(path: string): string {
  return trimSpace(path)
    .replace(/^\/+/, '')
    .replace(/(?<!\/)\/+$/, '')
}

/** `PATH?version=2#ignored` as a request; everything is a byte string. Throws `FunctionError` with Go's words. */
export function parseReadPath(given: string): SecretReadRequest {
  const trimmed = trimPath(given)
  if (trimmed === '') throw new FunctionError('vault.read: invalid format: ""')
  const { path, query } = parseUrl(trimmed)
  return { kind: 'read', path: fromByteString(path), query: parseQuery(query) }
}

/** Parameters in their order; malformed ones are left out, as Go's URL.Query does. */
function parseQuery(text: string): readonly (readonly [string, string])[] {
  return text.split('&').flatMap((part) => {
    if (part === '' || part.includes(';')) return []
    const at = part.indexOf('=')
    const name = at < 0 ? part : part.slice(0, at)
    const key = unescapeQuery(name)
    const value = unescapeQuery(part.slice(name.length + 1))
    if (key === undefined || value === undefined) return []
    return [[fromByteString(key), fromByteString(value)] as const]
  })
}
