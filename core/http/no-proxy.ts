/** Hosts that no proxy is asked for. Apart from the other variables: what it takes of Node is loaded where there are any. */
import { BlockList, isIP } from 'node:net'

/**
 * Whether `list`, the text of NO_PROXY, has the host: Node's own agent knows neither networks nor that a name stands for all below it. Source: Go's
 * httpproxy, `*`, names, addresses and networks, names and addresses with a port or without.
 */
export function isExcepted(url: URL, list: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  const entries = list.toLowerCase().split(/[\s,]+/)
  return entries.some((entry) => {
    if (entry === '*') return true
    if (entry.includes('/')) return isWithin(host, entry)
    const [, bracketed, plain, ofPort = port] =
      /^(?:\[(.+)\]|([^:]+))(?::(\d+))?$/.exec(entry) ?? []
    const name = bracketed ?? plain ?? entry
    if (name === '' || ofPort !== port) return false
    if (isIP(name) !== 0) return isWithin(host, name)
    const domain = name.replace(/^\*?\./, '')
    return host === domain || host.endsWith(`.${domain}`)
  })
}

/** Whether an address is one of `network`, such as 10.0.0.0/8; without a length it is one address. */
function isWithin(host: string, network: string): boolean {
  const [address = '', length] = network.split('/')
  const version = isIP(address)
  const longest = version === 4 ? 32 : 128
  const bits = Number(length ?? longest)
  const isNetwork = !address.includes('%') && /^\d+$/.test(length ?? '0') && bits <= longest
  if (version === 0 || isIP(host) !== version || !isNetwork) return false
  const family = version === 4 ? 'ipv4' : 'ipv6'
  const list = new BlockList()
  list.addSubnet(address, bits, family)
  return list.check(host, family)
}
