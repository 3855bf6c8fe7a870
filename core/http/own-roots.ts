/** Node's own roots where it was started without them. */
import type { getCACertificates } from 'node:tls'

/**
 * The images' agent has this flag so that Node does not parse all of its own roots for a store whose CA is named, which takes a good part of a
 * step; where none is named they are given to it as a CA would be, since OpenSSL's own place for roots is empty there.
 */
const isWithoutRoots = process.execArgv.includes('--use-openssl-ca')

/** Nothing where Node takes them by itself. `list` is node:tls's own, which is loaded with the first use of TLS. */
export function ownRoots(list: typeof getCACertificates): { readonly ca?: string[] } {
  return isWithoutRoots ? { ca: [...list('bundled'), ...list('extra')] } : {}
}
