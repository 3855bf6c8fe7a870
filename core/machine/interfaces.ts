/** The addresses of the machine's network interfaces, for `sockaddr`. */
import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import type { InterfaceAddress } from '../template/local-request.ts'

export function listInterfaces(): readonly InterfaceAddress[] {
  const route = defaultInterface()
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.map(({ address, cidr, internal }) => ({
      name,
      address,
      prefixLength: Number(cidr?.split('/')[1] ?? 0),
      isLoopback: internal,
      isUp: true,
      isDefault: name === route,
    })),
  )
}

/** The interface of the route to 0.0.0.0; undefined where there is none or nobody tells. */
function defaultInterface(): string | undefined {
  try {
    const lines = readFileSync('/proc/net/route', 'utf8').split('\n')
    return lines.map((line) => line.split('\t')).find(([, target]) => target === '00000000')?.[0]
  } catch {
    return undefined
  }
}
