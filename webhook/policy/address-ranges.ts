/** The addresses and names that no store has: where a ServiceAccount token must never be sent. */

/** What an address is when it is no ordinary one. */
export type AddressKind =
  | 'loopback'
  | 'link-local'
  | 'metadata'
  | 'unspecified'
  | 'multicast'
  | 'reserved'

type Range = readonly [network: string, length: number, kind: AddressKind]

/** First match counts. Source: IANA special-purpose registries; the clouds' documentation of their metadata services. */
const rangeTable: readonly Range[] = [
  // AWS, Azure, GCP, OpenStack and others; then Alibaba, Oracle Classic, and the host agent of Azure.
  ['169.254.169.254', 32, 'metadata'],
  ['100.100.100.200', 32, 'metadata'],
  ['192.0.0.192', 32, 'metadata'],
  ['168.63.129.16', 32, 'metadata'],
  ['0.0.0.0', 8, 'unspecified'],
  ['127.0.0.0', 8, 'loopback'],
  ['169.254.0.0', 16, 'link-local'],
  ['224.0.0.0', 4, 'multicast'],
  ['240.0.0.0', 4, 'reserved'],
  // AWS (IMDS, ECS, time, DNS), GCP, Oracle, Scaleway.
  ['fd00:ec2::', 32, 'metadata'],
  ['fd20:ce::254', 128, 'metadata'],
  ['fd00:c1::a9fe:a9fe', 128, 'metadata'],
  ['fd00:42::42', 128, 'metadata'],
  ['::', 128, 'unspecified'],
  ['::1', 128, 'loopback'],
  // IPv4 in IPv6, with which the ranges above could be spelled once more.
  ['::', 96, 'reserved'],
  ['::ffff:0:0', 96, 'reserved'],
  ['::ffff:0:0:0', 96, 'reserved'],
  ['2002::', 16, 'reserved'],
  ['2001::', 32, 'reserved'],
  ['fe80::', 10, 'link-local'],
  ['fec0::', 10, 'link-local'],
  ['ff00::', 8, 'multicast'],
]

/** Translates to the IPv4 address in its last 32 bits, which decides. Source: RFC 6052, RFC 8215. */
const translatedTable: readonly (readonly [string, number])[] = [
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
]

/** Beside names that end in `.localhost`. */
const loopbackNames = [
  'localhost',
  'localhost.localdomain',
  'localhost4',
  'localhost6',
  'ip6-localhost',
  'ip6-loopback',
]

/** Of metadata services, in whole. */
export const metadataNames: readonly string[] = [
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'metadata.azure.internal',
  'metadata.tencentyun.com',
  'metadata.packet.net',
  'metadata.platformequinix.com',
  'instance-data',
  'instance-data.ec2.internal',
]

/** Names that are refused in whole, for what can only be compared with one. */
export const namedKinds: readonly (readonly [string, AddressKind])[] = [
  ...metadataNames.map((name) => [name, 'metadata'] as const),
  ...loopbackNames.map((name) => [name, 'loopback'] as const),
]

/** `name` is in lower case and without a dot at its end. */
export function classifyName(name: string): AddressKind | undefined {
  if (name.endsWith('.localhost')) return 'loopback'
  return namedKinds.find(([known]) => known === name)?.[1]
}

/** `address` as WHATWG's URL writes it: four decimal parts, or compressed hexadecimal groups without brackets. */
export function classifyIp(address: string): AddressKind | undefined {
  const value = parseIp(address)
  if (translated.some(({ network, length }) => lies(value, network, length))) {
    return findRange({ bits: 32, number: value.number & 0xffff_ffffn })
  }
  return findRange(value)
}

interface Ip {
  readonly bits: 32 | 128
  readonly number: bigint
}

function findRange(value: Ip): AddressKind | undefined {
  return ranges.find(({ network, length }) => lies(value, network, length))?.kind
}

function lies(value: Ip, network: Ip, length: number): boolean {
  const shift = BigInt(value.bits - length)
  return value.bits === network.bits && value.number >> shift === network.number >> shift
}

function parseIp(address: string): Ip {
  if (!address.includes(':')) return { bits: 32, number: join(address.split('.').map(Number), 8n) }
  const [head = '', tail] = address.split('::')
  const before = parseGroups(head)
  const after = parseGroups(tail ?? '')
  const missing = tail === undefined ? 0 : 8 - before.length - after.length
  const zeros = Array.from({ length: missing }, () => 0)
  return { bits: 128, number: join([...before, ...zeros, ...after], 16n) }
}

function parseGroups(text: string): readonly number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
}

function join(parts: readonly number[], width: bigint): bigint {
  return parts.reduce((number, part) => (number << width) | BigInt(part), 0n)
}

const ranges = rangeTable.map(([network, length, kind]) => ({
  network: parseIp(network),
  length,
  kind,
}))
const translated = translatedTable.map(([network, length]) => ({
  network: parseIp(network),
  length,
}))
