/** Which forward proxy serves which address, by the variables that name one. */
import { isExcepted } from './no-proxy.ts'

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
  if (isLoopback(url.hostname)) return {}
  const { NO_PROXY = '', no_proxy = '' } = variables
  const excepted = `${NO_PROXY},${no_proxy}`
  if (excepted !== ',' && isExcepted(url, excepted)) return {}
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
