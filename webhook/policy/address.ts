/** The address guard: which addresses an agent may be sent to, whatever a policy says. It resolves no names. */
import { type AddressKind, classifyIp, classifyName, namedKinds } from './address-ranges.ts'
import { lowerCase, matchGlob } from './glob.ts'

export interface Address {
  readonly scheme: 'http' | 'https'
  /** In lower case, as WHATWG's URL writes it, without a dot at its end; may hold `$(HOST_IP)` and the like. */
  readonly host: string
  /** The scheme's own when there is none; text for a placeholder. */
  readonly port: string
  /** Undefined for an ordinary address. */
  readonly kind: AddressKind | undefined
}

export type AddressReading =
  | { readonly kind: 'address'; readonly address: Address }
  /** `expected` completes a message; it repeats nothing of the address. */
  | { readonly kind: 'refused'; readonly expected: string }

/** Where the operator alone may send agents. */
export interface Listed {
  /** Origins such as `http://127.0.0.1:8200`. */
  readonly loopback: readonly string[]
}

/** Undefined when the address may be used, else what is expected instead. */
export function guardAddress(text: string, { loopback }: Listed): string | undefined {
  const reading = readAddress(text)
  if (reading.kind === 'refused') return reading.expected
  const { kind } = reading.address
  if (kind === undefined) return undefined
  if (kind !== 'loopback') return `an address that is not ${descriptions[kind]}`
  const origin = formatOrigin(reading.address)
  const listed = loopback.map(readAddress)
  return listed.some((one) => one.kind === 'address' && formatOrigin(one.address) === origin)
    ? undefined
    : 'an address that is not loopback, unless the operator lists it'
}

const descriptions = {
  'link-local': 'link-local',
  metadata: 'the metadata service of a cloud',
  unspecified: 'the unspecified one',
  multicast: 'multicast',
  reserved: 'reserved or IPv4 written as IPv6',
} as const satisfies Record<Exclude<AddressKind, 'loopback'>, string>

/** `scheme://host:port`, always with a port. */
export function formatOrigin({ scheme, host, port }: Address): string {
  return `${scheme}://${host}:${port}`
}

/** Source: WHATWG URL for what a host is; everything that parsers take differently is refused. */
export function readAddress(text: string): AddressReading {
  // Parsers drop tabs and line ends, and take a backslash for a slash.
  if (/[\p{Cc}\s\\]/u.test(text)) return refuse('an address without spaces and backslashes')
  const match = /^(https?):\/\/([^/?#]+)(?:\/[^?#]*)?$/i.exec(text)
  const [, word = '', authority = ''] = match ?? []
  if (match === null) return refuse('an http:// or https:// address without query and fragment')
  if (authority.includes('@')) return refuse('an address without a user')
  if (authority.includes('%')) return refuse('a host without percent-encoding')
  const parts = /^(\[[^\]]*\]|[^:[\]]+)(?::(\d{1,5}|\$\(\w+\)))?$/.exec(authority)
  const [, rawHost = '', rawPort] = parts ?? []
  if (parts === null) return refuse('a host, with or without a port')
  const scheme = word.toLowerCase() === 'https' ? 'https' : 'http'
  const port = rawPort ?? (scheme === 'https' ? '443' : '80')
  const host = readHost(rawHost)
  if (typeof host === 'string') return refuse(host)
  if (Number(port) > 65_535 || port === '0') return refuse('a port from 1 to 65535')
  return { kind: 'address', address: { scheme, ...host, port: port.replace(/^0+/, '') } }
}

type Host = Pick<Address, 'host' | 'kind'>

/** Text is what was expected instead. */
function readHost(raw: string): Host | string {
  const placeholders = [...raw.matchAll(/\$\((\w+)\)/g)].map(([, name = '']) => name)
  if (placeholders.length > 0) return readFilledHost(raw, placeholders)
  const canonical = canonicalize(raw)
  if (canonical === undefined) return 'a host that is a DNS name or an IP address'
  if (canonical.startsWith('[')) {
    return { host: canonical, kind: classifyIp(canonical.slice(1, -1)) }
  }
  if (/^[\d.]+$/.test(canonical)) {
    if (raw !== canonical) return 'an IPv4 address in four decimal parts'
    return { host: canonical, kind: classifyIp(canonical) }
  }
  const host = canonical.replace(/\.+$/, '')
  return host === '' ? 'a host' : { host, kind: classifyName(host) }
}

function canonicalize(raw: string): string | undefined {
  const url = `http://${raw}/`
  return URL.canParse(url) ? new URL(url).hostname : undefined
}

/** Names of placeholders whose values the author of a pod chooses. */
const chosen = ['NAMESPACE', 'POD_NAME']

/** The kubelet fills in addresses of its own, and two names that could be anything. */
function readFilledHost(raw: string, placeholders: readonly string[]): Host | string {
  const [only = ''] = placeholders
  if (raw === `$(${only})` && !chosen.includes(only)) return { host: raw, kind: undefined }
  const literal = raw.replaceAll(/\$\(\w+\)/g, '')
  const host = lowerCase(raw).replace(/\.+$/, '')
  if (!/^[a-z\d._-]*$/i.test(literal)) return 'a host of ASCII letters, digits, "-" and "."'
  // 169.254.169.$(POD_NAME) in a pod called 254.
  if (!/[g-wyz_-]/i.test(literal)) return 'a host that no placeholder turns into an IP address'
  const filled = host.replaceAll(/\$\(\w+\)/g, '*')
  const possible = namedKinds.find(([name]) => matchGlob(filled, name))
  return { host, kind: classifyName(host.replaceAll(/\$\(\w+\)/g, 'x')) ?? possible?.[1] }
}

function refuse(expected: string): AddressReading {
  return { kind: 'refused', expected }
}
