/** URLs taken apart and put together as Go's net/url does. */
import { FunctionError, type MessagePart, prefixing } from './functions/function.ts'
import { quote } from './quote.ts'

/** All byte strings, decoded where Go decodes them. */
export interface Url {
  readonly scheme: string
  readonly opaque: string
  /** `user:password` as it is written, undefined where there is none. */
  readonly userinfo: string | undefined
  readonly host: string
  readonly path: string
  /** The path as it was written, where that is not how Go would write it. */
  readonly rawPath: string
  readonly query: string
  readonly fragment: string
}

/** Throws `FunctionError` with Go's words. */
export function parseUrl(text: string): Url {
  const [bare, fragment = ''] = cut(text, '#')
  const url = naming(bare, () => parseBare(bare))
  return { ...url, fragment: naming(text, () => unescapePart(fragment, 'fragment')) }
}

function naming<T>(text: string, run: () => T): T {
  return prefixing(['parse ', { value: quote(text) }, ': '], run)
}

function fail(...parts: readonly MessagePart[]): never {
  throw new FunctionError(...parts)
}

function cut(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)]
}

function parseBare(text: string): Omit<Url, 'fragment'> {
  // Control characters of ASCII, without \p{Cc}, whose set takes longer to load than all the rest of an address.
  if (/[^\x20-\x7e\x80-\xff]/.test(text)) fail('net/url: invalid control character in URL')
  const nothing = { scheme: '', opaque: '', userinfo: undefined, host: '', path: '', rawPath: '' }
  if (text === '*') return { ...nothing, path: '*', query: '' }
  const [scheme, afterScheme] = splitScheme(text)
  const [rest, query = ''] = cut(afterScheme, '?')
  const start = { ...nothing, scheme: scheme.toLowerCase(), query }
  if (!rest.startsWith('/')) {
    if (scheme !== '') return { ...start, opaque: rest }
    if (cut(rest, '/')[0].includes(':')) {
      fail('first path segment in URL cannot contain colon')
    }
  }
  const hasAuthority = rest.startsWith('//') && (scheme !== '' || !rest.startsWith('///'))
  const authorityEnd = rest.indexOf('/', 2)
  const authority = hasAuthority ? rest.slice(2, authorityEnd < 0 ? undefined : authorityEnd) : ''
  const written = hasAuthority ? rest.slice(2 + authority.length) : rest
  const path = unescapePart(written, 'path')
  const rawPath = escapePart(path, 'path') === written ? '' : written
  return { ...start, ...parseAuthority(authority), path, rawPath }
}

function splitScheme(text: string): readonly [string, string] {
  if (text.startsWith(':')) fail('missing protocol scheme')
  const [, scheme, rest] = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/s.exec(text) ?? []
  return scheme === undefined || rest === undefined ? ['', text] : [scheme, rest]
}

function parseAuthority(text: string): Pick<Url, 'userinfo' | 'host'> {
  const at = text.lastIndexOf('@')
  const host = parseHost(text.slice(at + 1))
  if (at < 0) return { userinfo: undefined, host }
  const userinfo = text.slice(0, at)
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(userinfo)) fail('net/url: invalid userinfo')
  const [user, password] = cut(userinfo, ':')
  const name = escapePart(unescapePart(user, 'user'), 'user')
  if (password === undefined) return { userinfo: name, host }
  return { userinfo: `${name}:${escapePart(unescapePart(password, 'user'), 'user')}`, host }
}

function parseHost(text: string): string {
  if (text.startsWith('[')) {
    const close = text.lastIndexOf(']')
    if (close < 0) fail("missing ']' in host")
    checkPort(text.slice(close + 1))
  } else {
    const colon = text.lastIndexOf(':')
    if (colon >= 0) checkPort(text.slice(colon))
  }
  return unescapePart(text, 'host')
}

function checkPort(text: string): void {
  if (text !== '' && !/^:[0-9]*$/.test(text)) {
    fail('invalid port ', { value: quote(text) }, ' after host')
  }
}

/** Without port and brackets. */
export function hostnameOf({ host }: Url): string {
  const [, bracketed] = /^\[(.*)\](?::[0-9]*)?$/.exec(host) ?? []
  return bracketed ?? host.replace(/:[0-9]*$/, '')
}

type Part = 'path' | 'user' | 'fragment' | 'host'

function unescapePart(text: string, part: Part): string {
  const bad = badEscape.exec(text)
  if (bad !== null) fail('invalid URL escape ', { value: quote(bad[0]) })
  if (part === 'host') {
    const [invalid] = /[\p{Cc} "\\^`{}|]/u.exec(text.replace(/^\[.*\]/, '')) ?? []
    if (invalid !== undefined)
      fail('invalid character ', { value: quote(invalid) }, ' in host name')
    // In a host only bytes beyond ASCII may be escaped, and the zone of an address.
    const [refused] = /%(?!25|[89a-fA-F])[0-9a-fA-F]{2}/.exec(text) ?? []
    if (refused !== undefined) fail('invalid URL escape ', { value: quote(refused) })
  }
  return unescapeBytes(text)
}

/** Up to three characters from the first percent sign that no two hex digits follow. */
const badEscape = /%(?![0-9a-fA-F]{2}).{0,2}/s

function unescapeBytes(text: string): string {
  return text.replace(/%([0-9a-fA-F]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  )
}

/** A parameter's name or value, where `+` is a space; undefined where an escape is bad. */
export function unescapeQuery(text: string): string | undefined {
  if (badEscape.test(text)) return undefined
  return unescapeBytes(text.replaceAll('+', ' '))
}

/** What is escaped in which part, as bytes. */
const escaped: Readonly<Record<Part, RegExp>> = {
  path: /[^A-Za-z0-9\-_.~$&+,/:;=@]/g,
  user: /[^A-Za-z0-9\-_.~$&+,;=]/g,
  fragment: /[^A-Za-z0-9\-_.~$&+,/:;=?@!()*]/g,
  host: /[^A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"]/g,
}

export function escapePart(text: string, part: Part): string {
  return text.replace(
    escaped[part],
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
}

/** Source: net/url's URL.String. */
export function formatUrl(url: Url): string {
  const scheme = url.scheme === '' ? '' : `${url.scheme}:`
  const body = url.opaque === '' ? formatHierarchy(url) : url.opaque
  const query = url.query === '' ? '' : `?${url.query}`
  const fragment = url.fragment === '' ? '' : `#${escapePart(url.fragment, 'fragment')}`
  return scheme + body + query + fragment
}

function formatHierarchy({ scheme, userinfo, host, path, rawPath }: Url): string {
  const written = rawPath === '' ? escapePart(path, 'path') : rawPath
  const hasAuthority = host !== '' || userinfo !== undefined
  const start =
    hasAuthority || (scheme !== '' && path.startsWith('//'))
      ? '//'
      : path.startsWith('//')
        ? '//'
        : ''
  const user = userinfo === undefined ? '' : `${userinfo}@`
  const authority = hasAuthority ? `//${user}${escapePart(host, 'host')}` : start
  const slash = hasAuthority && written !== '' && !written.startsWith('/') ? '/' : ''
  const isAmbiguous = authority === '' && scheme === '' && cut(written, '/')[0].includes(':')
  return `${authority}${slash}${isAmbiguous ? './' : ''}${written}`
}
