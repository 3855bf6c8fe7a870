/** IP addresses as numbers: order, networks, and the ranges that RFC 6890 reserves. */

export interface IpAddress {
  readonly version: 4 | 6
  readonly value: bigint
}

const bitsOf = { 4: 32, 6: 128 } as const

/** The text is a valid address. */
export function parseAddress(text: string): IpAddress {
  if (!text.includes(':')) {
    const value = text.split('.').reduce((sum, part) => sum * 256n + BigInt(Number(part) || 0), 0n)
    return { version: 4, value }
  }
  const [head = '', tail] = new URL(`http://[${text.replace(/%.*/, '')}]`).hostname
    .slice(1, -1)
    .split('::')
  const groups = (part: string) => part.split(':').filter((group) => group !== '')
  const [first, last] = [groups(head), groups(tail ?? '')]
  const gap = Array.from({ length: 8 - first.length - last.length }, () => '0')
  const value = [...first, ...gap, ...last].reduce(
    (sum, group) => sum * 65_536n + BigInt(`0x${group}`),
    0n,
  )
  return { version: 6, value }
}

/** `10.0.0.0/8` */
export function isWithin(address: IpAddress, network: string): boolean {
  const [start = '', length = '0'] = network.split('/')
  const base = parseAddress(start)
  const shift = BigInt(bitsOf[base.version] - Number(length))
  return base.version === address.version && base.value >> shift === address.value >> shift
}

/** Source: RFC 6890, the tables of section 2.2. */
const reserved =
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 240.0.0.0/4 255.255.255.255/32 ::1/128 ::/128 64:ff9b::/96 ::ffff:0:0/96 100::/64 2001::/23 2001::/32 2001:2::/48 2001:db8::/32 2001:10::/28 2002::/16 fc00::/7 fe80::/10'.split(
    ' ',
  )

/** What no router passes on. Source: go-sockaddr's rfc.go, ForwardingBlacklist. */
const unforwardable =
  '0.0.0.0/8 127.0.0.0/8 169.254.0.0/16 192.0.0.0/24 192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 240.0.0.0/4 255.255.255.255/32 224.0.0.0/4 ::1/128 ::/128 ::ffff:0:0/96 2001:db8::/32 fe80::/10 ff00::/8'.split(
    ' ',
  )

export const isReserved = (address: IpAddress) =>
  reserved.some((network) => isWithin(address, network))

export const isForwardable = (address: IpAddress) =>
  !unforwardable.some((network) => isWithin(address, network))
