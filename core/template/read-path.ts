/** The path of a read is taken for a URL, as consul-template takes it. Source: Go's net/url. */
import { fromByteString } from './byte-string.ts'
import { FunctionError } from './functions/function.ts'
import { quote } from './quote.ts'
import type { SecretReadRequest } from './secret-request.ts'
import { trimSpace } from './trim.ts'

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
  const url = before(trimmed, '#')
  const fail = (reason: string): never => {
    throw new FunctionError('parse ', { value: quote(url) }, `: ${reason}`)
  }
  if (hasControl.test(url.replace(/[\x80-\xff]/g, '')))
    fail('net/url: invalid control character in URL')
  const [, scheme, afterScheme] = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/s.exec(url) ?? []
  if (url.startsWith(':')) fail('missing protocol scheme')
  const rest = afterScheme ?? url
  const encoded = before(rest, '?')
  const query = parseQuery(rest.slice(encoded.length + 1))
  if (scheme !== undefined && !encoded.startsWith('/')) return { kind: 'read', path: '', query }
  if (scheme === undefined && before(encoded, '/').includes(':')) {
    fail('first path segment in URL cannot contain colon')
  }
  const bare = scheme === undefined ? encoded : encoded.replace(/^\/\/[^/]*/, '')
  const path = unescapePercent(bare)
  if (path === undefined) return fail(`invalid URL escape ${quote(firstBadEscape(bare))}`)
  return { kind: 'read', path: fromByteString(path), query }
}

const hasControl = /\p{Cc}/u

function before(text: string, separator: string): string {
  const at = text.indexOf(separator)
  return at < 0 ? text : text.slice(0, at)
}

/** Parameters in their order; malformed ones are left out, as Go's URL.Query does. */
function parseQuery(text: string): readonly (readonly [string, string])[] {
  return text.split('&').flatMap((part) => {
    if (part === '' || part.includes(';')) return []
    const name = before(part, '=')
    const decoded = [name, part.slice(name.length + 1)].map((piece) =>
      unescapePercent(piece.replaceAll('+', ' ')),
    )
    const [key, value] = decoded
    if (key === undefined || value === undefined) return []
    return [[fromByteString(key), fromByteString(value)] as const]
  })
}

function unescapePercent(text: string): string | undefined {
  if (firstBadEscape(text) !== '') return undefined
  return text.replace(/%([0-9a-fA-F]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  )
}

/** Up to three characters from the first percent sign that no two hex digits follow. */
function firstBadEscape(text: string): string {
  return /%(?![0-9a-fA-F]{2}).{0,2}/s.exec(text)?.[0] ?? ''
}
