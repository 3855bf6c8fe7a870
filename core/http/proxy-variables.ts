/** Which forward proxy serves which address, by the variables that name one. */
import { BlockList, isIP } from 'node:net'

const ownNames = ['VAULT_PROXY_ADDR', 'VAULT_HTTP_PROXY'] as const
const commonNames = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'] as const

export type ProxyVariables = Readonly<Record<string, string>>

/** Those of an environment; Vault's own in capitals, the common ones in capitals or not. Source: curl and Go, which read the same. */
export function pickProxy(
  environment: Readonly<Record<string, string | undefined>>,
): ProxyVariables {
  const names = [...ownNames, ...commonNames.flatMap((name) => [name, name.toLowerCase()])]
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = environment[name]
      return value === undefined || value === '' ? [] : [[name, value]]
    }),
  )
}

/** Without Vault's own, whose proxy is no way to anything else. */
export function pickCommonProxy(
  environment: Readonly<Record<string, string | undefined>>,
): ProxyVariables {
  const own: readonly string[] = ownNames
  return Object.fromEntries(
    Object.entries(pickProxy(environment)).filter(([name]) => !own.includes(name)),
  )
}

/**
 * The variables that count for `url`, none of them for a direct connection. Vault's own variable holds for every address;
 * the common ones never for loopback. Source: Vault's api/client.go and Go's httpproxy, the same for addresses without `http://`.
 */
export function proxyFor(url: URL, variables: ProxyVariables): ProxyVariables {
  const own = ownNames.map((name) => variables[name]).find((value) => value !== undefined)
  if (own !== undefined) return { HTTP_PROXY: withScheme(own), HTTPS_PROXY: withScheme(own) }
  if (isLoopback(url.hostname) || isExcepted(url, variables)) return {}
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      name.toUpperCase() === 'NO_PROXY' ? value : withScheme(value),
    ]),
  )
}

function withScheme(address: string): string {
  return address.includes('://') ? address : `http://${address}`
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}

/**
 * Whether NO_PROXY has the host: Node's own agent knows neither networks nor that a name stands for all below it. Source: Go's
 * httpproxy, `*`, names, addresses and networks, names and addresses with a port or without.
 */
function isExcepted(url: URL, { NO_PROXY = '', no_proxy = '' }: ProxyVariables): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  const entries = `${NO_PROXY},${no_proxy}`.toLowerCase().split(/[\s,]+/)
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
  const bits = length === undefined ? longest : Number(length || Number.NaN)
  if (version === 0 || isIP(host) !== version || !(bits >= 0 && bits <= longest)) return false
  const family = version === 4 ? 'ipv4' : 'ipv6'
  const list = new BlockList()
  list.addSubnet(address, bits, family)
  return list.check(host, family)
}
