/** The certificates and the rules of a TLS listener. */
import { readFileSync } from 'node:fs'
import type { ServerOptions } from 'node:https'
import { toAppError } from '../../core/errors.ts'
import type { ListenerTls } from '../config/listener-config.ts'

/** Node turns TLS 1.3 off where a list of suites names none of it; Vault's `tls_cipher_suites` concerns only older versions. */
const modernSuites = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
]

/** Errors: `tls_invalid` with the path that cannot be read. */
export function readListenerTls(tls: ListenerTls): ServerOptions {
  const { clientCaPath, cipherSuites, minVersion, maxVersion } = tls
  return {
    cert: read(tls.certPath),
    key: read(tls.keyPath),
    minVersion,
    maxVersion,
    requestCert: tls.requireClientCert || !tls.disableClientCerts,
    rejectUnauthorized: tls.requireClientCert,
    ...(clientCaPath === undefined ? {} : { ca: read(clientCaPath) }),
    ...(cipherSuites.length === 0 ? {} : { ciphers: [...cipherSuites, ...modernSuites].join(':') }),
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (thrown) {
    throw toAppError(thrown, 'tls_invalid', { path })
  }
}
