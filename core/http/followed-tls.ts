/** Certificates in files that are replaced while they are in use. */
import type { ConnectorOptions, TlsMaterial } from './connector.ts'

export interface TlsFiles {
  /** Errors: `tls_invalid`. */
  readonly read: () => TlsMaterial
  /** Changes with the files; undefined while one of them is not there. */
  readonly stamp: () => string | undefined
}

/**
 * For any number of connectors, each of which says what it holds. What cannot be read leaves the old ones in use: rotation replaces one
 * file after the other. Errors: those of the first `read`.
 */
export function followTls({
  read,
  stamp,
}: TlsFiles): Required<Pick<ConnectorOptions, 'tls' | 'renewTls'>> {
  let known = stamp()
  let latest = read()
  const refresh = () => {
    const current = stamp()
    if (current === known || current === undefined) return
    try {
      latest = read()
      known = current
    } catch {
      // Tried again with the next request.
    }
  }
  return {
    tls: latest,
    renewTls: (held) => {
      refresh()
      return latest === held ? undefined : latest
    },
  }
}
